package form

import (
	"crypto/sha256"
	"math/bits"
	"strconv"
)

// WorkBits is how hard the puzzle of a form is unless it says otherwise: about 30,000 hashes, a part of a second while a
// person types, and what makes a million requests dear. MaxBits is the hardest, a minute on a cheap phone.
const (
	WorkBits = 15
	MaxBits  = 20
)

// Solved tells whether answer solves the puzzle of a token: SHA-256 of token, a colon and the answer, a decimal number,
// begins with so many zero bits. Nothing solves what is too hard, everything what has no bits.
func Solved(token, answer string, difficulty int) bool {
	if difficulty <= 0 {
		return true
	}
	if n, err := strconv.ParseUint(answer, 10, 53); err != nil || strconv.FormatUint(n, 10) != answer || difficulty > MaxBits {
		return false
	}
	sum := sha256.Sum256([]byte(token + ":" + answer))
	return zeros(sum[:]) >= difficulty
}

// Solve finds the answer, for tests and programs that mean well.
func Solve(token string, difficulty int) string {
	for n := uint64(0); ; n++ {
		if answer := strconv.FormatUint(n, 10); Solved(token, answer, min(difficulty, MaxBits)) {
			return answer
		}
	}
}

func zeros(b []byte) int {
	n := 0
	for _, x := range b {
		n += bits.LeadingZeros8(x)
		if x != 0 {
			break
		}
	}
	return n
}
