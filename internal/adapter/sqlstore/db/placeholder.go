package db

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// textCap bounds every cache of statement texts: a builder that made endless texts must not eat the memory.
const textCap = 500

// texts remembers the PostgreSQL spelling of statements. Two generations: when the young one is full the old one is
// forgotten, so what is used often survives.
type texts struct {
	mu         sync.RWMutex
	young, old map[string]text
}

// text is a statement as PostgreSQL spells it.
type text struct {
	sql     string
	version bool // it may change the table version
}

var aboutVersion = regexp.MustCompile(`(?i)\b(into|update|from)\s+version\b`)

func (t *texts) postgres(sql string) text {
	t.mu.RLock()
	out, ok := t.young[sql]
	t.mu.RUnlock()
	if ok {
		return out
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if out, ok = t.old[sql]; !ok {
		out = text{numbered(sql), sql != selectVersions && aboutVersion.MatchString(sql)}
	}
	if len(t.young) >= textCap || t.young == nil {
		t.old, t.young = t.young, make(map[string]text, 64)
	}
	t.young[sql] = out
	return out
}

// numbered turns bare ? into $1, $2 … outside of literals, quoted names and comments.
func numbered(sql string) string {
	var b strings.Builder
	b.Grow(len(sql) + 16)
	n := 0
	for i := 0; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '?':
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		case c == '\'' || c == '"':
			end := strings.IndexByte(sql[i+1:], c)
			if end < 0 {
				b.WriteString(sql[i:])
				return b.String()
			}
			b.WriteString(sql[i : i+end+2])
			i += end + 1
			continue
		case c == '-' && strings.HasPrefix(sql[i:], "--"):
			end := strings.IndexByte(sql[i:], '\n')
			if end < 0 {
				return b.String()
			}
			i += end
			b.WriteByte('\n')
			continue
		}
		b.WriteByte(sql[i])
	}
	return b.String()
}
