package client

import (
	"slices"

	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Store keeps the keys.
type Store interface {
	// Claim locks keys, in their order, until the transaction ends, makes those that aren't there, and tells whose they
	// are; a zero ref is nobody. Whoever claims the same key meanwhile waits: two requests of one new client make one client.
	Claim(t tx.Tx, keys []Key) ([]ref.Ref, error)
	// Give makes keys lead to a record.
	Give(t tx.Tx, keys []Key, r ref.Ref) error
	// Drop removes those of the keys that lead to a record.
	Drop(t tx.Tx, keys []Key, r ref.Ref) error
	// Others finds, for each of the keys, another record of the types that has it among its phones and e-mails: the oldest
	// of the first type that has one.
	Others(t tx.Tx, keys []Key, except ref.Ref, types []*schema.Type) (map[Key]ref.Ref, error)
}

// ranks are the types whose records are clients; the smaller wins a key.
var ranks = map[string]int{"contact": 1, "company": 2, "lead": 3}

// Types are the codes of the types whose records are clients, the winner of a key first.
var Types = []string{"contact", "company", "lead"}

// Hook keeps the keys true when records change.
type Hook struct{ Store Store }

// Before implements record.Hook.
func (h *Hook) Before(tx.Tx, *record.Change) error { return nil }

// After gives new phones and e-mails to their record and takes away those that have gone.
func (h *Hook) After(t tx.Tx, c *record.Change) error {
	if ranks[c.Type.Code] == 0 {
		return nil
	}
	r := ref.Ref{Type: c.Type.Code, ID: c.ID}
	gone, came := changedKeys(c)
	if err := h.give(t, c, came, r); err != nil || len(gone) == 0 {
		return err
	}
	if err := h.Store.Drop(t, gone, r); err != nil {
		return err
	}
	return h.inherit(t, c, gone, r)
}

// changedKeys are the keys a record lost and got.
func changedKeys(c *record.Change) (gone, came []Key) {
	var before, after []Key
	switch {
	case c.Created || c.Restored:
		after = KeysOf(c.Type, c.After.Get)
	case c.Deleted:
		before = KeysOf(c.Type, c.Before.Get)
	default:
		side := func(pick func(record.Diff) schema.Datum) func(*schema.Field) schema.Datum {
			return func(f *schema.Field) schema.Datum { return pick(c.Fields[f.Code]) }
		}
		before = KeysOf(c.Type, side(func(d record.Diff) schema.Datum { return d.From }))
		after = KeysOf(c.Type, side(func(d record.Diff) schema.Datum { return d.To }))
	}
	return without(before, after), without(after, before)
}

func without(keys, but []Key) []Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k Key) bool { return slices.Contains(but, k) })
}

// give lets a record have the keys nobody better has.
func (h *Hook) give(t tx.Tx, c *record.Change, keys []Key, r ref.Ref) error {
	if len(keys) == 0 {
		return nil
	}
	keys = slices.Sorted(slices.Values(keys))
	holders, err := h.Store.Claim(t, keys)
	if err != nil {
		return err
	}
	var mine []Key
	for i, holder := range holders {
		if holder.Zero() || ranks[c.Type.Code] < ranks[holder.Type] {
			mine = append(mine, keys[i])
		}
	}
	return h.Store.Give(t, mine, r)
}

// inherit gives keys that have come free to another record that has them too.
func (h *Hook) inherit(t tx.Tx, c *record.Change, keys []Key, r ref.Ref) error {
	var types []*schema.Type
	for _, code := range Types {
		if typ := c.Catalog.Type(code); typ != nil {
			types = append(types, typ)
		}
	}
	heirs, err := h.Store.Others(t, keys, r, types)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(slices.Values(keys)) {
		if heir, ok := heirs[key]; ok {
			if _, err := h.Store.Claim(t, []Key{key}); err != nil {
				return err
			}
			if err := h.Store.Give(t, []Key{key}, heir); err != nil {
				return err
			}
		}
	}
	return nil
}
