package notify

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Choice is how a person is told of a kind.
type Choice struct {
	Kind *Kind
	Ways Ways
}

// For tells whether notices of the kind can come to a person.
func (k *Kind) For(who access.Who) bool {
	switch {
	case k.Admin:
		return who.IsAdmin()
	case k.Head:
		return who.IsAdmin() || who.IsHead()
	}
	return true
}

// Choices are how a person is told of each kind that can come to him.
func Choices(who access.Who, chosen map[string]Ways) []Choice {
	var list []Choice
	for i := range Kinds {
		k := &Kinds[i]
		if !k.For(who) {
			continue
		}
		list = append(list, Choice{k, k.ways(chosen)})
	}
	return list
}

func (k *Kind) allowed(ways Ways) Ways {
	ways &= Toast | Browser | Push | Email | Quiet
	if k.NoEmail {
		ways &^= Email
	}
	return ways
}

// ways are how a person who chose so is told of the kind.
func (k *Kind) ways(chosen map[string]Ways) Ways {
	if ways, ok := chosen[k.Code]; ok {
		return k.allowed(ways)
	}
	return k.Ways
}

// Choose says how a person wants to be told of kinds; kinds left out stay as they are.
func (s *Service) Choose(t tx.Tx, userID int64, chosen map[string]Ways) error {
	for code, ways := range chosen {
		k := KindOf(code)
		if k == nil {
			return fault.In(code, "notice.unknown_kind")
		}
		if err := s.Store.Choose(t, userID, code, k.allowed(ways)); err != nil {
			return err
		}
	}
	return nil
}
