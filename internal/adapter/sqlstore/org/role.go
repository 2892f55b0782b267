package orgstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/role"
)

var _ role.Store = (*Store)(nil)

// Book implements role.Store.
func (s *Store) Book(t tx.Tx) (*role.Book, error) { return bookIn(db.Of(t)) }

// bookIn reads roles with their holders, groups and stand-ins.
func bookIn(q db.Q) (*role.Book, error) {
	b := &role.Book{}
	roles := map[int64]*role.Role{}
	err := q.Query("SELECT id, code, title, fixed, body, version, changed_at, changed_by FROM access_role ORDER BY id", nil, func(r db.Row) error {
		x := &role.Role{
			ID: r.Int64(0), Code: r.Text(1), Title: r.Text(2), Fixed: r.Int64(3) != 0, Version: r.Int64(5), ChangedAt: clock.Instant(r.Int64(6)), ChangedBy: r.Int64(7),
		}
		b.Roles, roles[x.ID] = append(b.Roles, x), x
		x.Restore(r.Text(4))
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = q.Query("SELECT role_id, kind, holder_id, text FROM access_role_holder ORDER BY role_id, kind, holder_id, text_key", nil, func(r db.Row) error {
		if x := roles[r.Int64(0)]; x != nil {
			x.Holders = append(x.Holders, role.Holder{Kind: role.HolderKind(r.Text(1)), ID: r.Int64(2), Text: r.Text(3)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	groups := map[int64]*role.UserGroup{}
	err = q.Query("SELECT id, title FROM user_group ORDER BY id", nil, func(r db.Row) error {
		g := &role.UserGroup{ID: r.Int64(0), Title: r.Text(1)}
		b.Groups, groups[g.ID] = append(b.Groups, g), g
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = q.Query("SELECT group_id, user_id FROM user_group_member ORDER BY group_id, user_id", nil, func(r db.Row) error {
		if g := groups[r.Int64(0)]; g != nil {
			g.Members = append(g.Members, r.Int64(1))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, q.Query("SELECT id, user_id, for_id, kind, from_at, until_at FROM stand_in ORDER BY id", nil, func(r db.Row) error {
		b.StandIns = append(b.StandIns, role.StandIn{
			ID: r.Int64(0), UserID: r.Int64(1), ForID: r.Int64(2), Kind: role.StandInKind(r.Text(3)), From: clock.Instant(r.Int64(4)), Until: clock.Instant(r.Int64(5)),
		})
		return nil
	})
}

// InsertRole implements role.Store.
func (s *Store) InsertRole(t tx.Tx, r *role.Role) (int64, error) {
	// The code has to be there at once and holds the number, which is known only afterwards.
	id, err := db.InsertID(db.Of(t), "INSERT INTO access_role (code, title, fixed, body, version, changed_at, changed_by) VALUES (?, ?, 0, ?, ?, ?, ?) RETURNING id",
		"new", r.Title, r.Body.Text(), r.Version, r.ChangedAt, r.ChangedBy)
	if err != nil {
		return 0, err
	}
	r.Code = "role_" + strconv.FormatInt(id, 10)
	if err := exec(t, "UPDATE access_role SET code = ? WHERE id = ?", r.Code, id); err != nil {
		return 0, err
	}
	return id, s.saveHolders(t, id, r.Holders)
}

// SaveRole implements role.Store.
func (s *Store) SaveRole(t tx.Tx, r *role.Role) error {
	body := ""
	if !r.Fixed || r.Changed {
		body = r.Body.Text()
	}
	if err := exec(t, "UPDATE access_role SET title = ?, body = ?, version = ?, changed_at = ?, changed_by = ? WHERE id = ?",
		r.Title, body, r.Version, r.ChangedAt, r.ChangedBy, r.ID); err != nil {
		return err
	}
	return s.saveHolders(t, r.ID, r.Holders)
}

func (s *Store) saveHolders(t tx.Tx, id int64, holders []role.Holder) error {
	if err := exec(t, "DELETE FROM access_role_holder WHERE role_id = ?", id); err != nil {
		return err
	}
	for _, h := range holders {
		if err := exec(t, "INSERT INTO access_role_holder (role_id, kind, holder_id, text_key, text) VALUES (?, ?, ?, ?, ?)",
			id, string(h.Kind), h.ID, h.Key(), h.Text); err != nil {
			return err
		}
	}
	return nil
}

// DeleteRole implements role.Store.
func (s *Store) DeleteRole(t tx.Tx, id int64) error {
	if err := s.saveHolders(t, id, nil); err != nil {
		return err
	}
	return exec(t, "DELETE FROM access_role WHERE id = ?", id)
}

// InsertRoleChange implements role.Store.
func (s *Store) InsertRoleChange(t tx.Tx, c role.Change) error {
	was, err := json.Marshal(c.Was)
	if err != nil {
		return fmt.Errorf("change of a role: %w", err)
	}
	is, err := json.Marshal(c.Is)
	if err != nil {
		return fmt.Errorf("change of a role: %w", err)
	}
	return exec(t, "INSERT INTO access_role_change (role_id, at, user_id, was, becomes) VALUES (?, ?, ?, ?, ?)", c.RoleID, c.At, c.UserID, string(was), string(is))
}

const roleChangeColumns = "SELECT id, role_id, at, user_id, was, becomes FROM access_role_change"

func scanRoleChange(r db.Row) (c role.Change, err error) {
	c = role.Change{ID: r.Int64(0), RoleID: r.Int64(1), At: clock.Instant(r.Int64(2)), UserID: r.Int64(3)}
	if err = json.Unmarshal(r.Bytes(4), &c.Was); err == nil {
		err = json.Unmarshal(r.Bytes(5), &c.Is)
	}
	return c, err
}

// RoleChanges implements role.Store.
func (s *Store) RoleChanges(ctx context.Context, roleID int64, limit int) (list []role.Change, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query(roleChangeColumns+" WHERE role_id = ? ORDER BY id DESC LIMIT ?", []any{roleID, limit}, func(r db.Row) error {
			c, err := scanRoleChange(r)
			list = append(list, c)
			return err
		})
	})
	return list, err
}

// RoleChange implements role.Store.
func (s *Store) RoleChange(t tx.Tx, id int64) (c role.Change, found bool, err error) {
	found, err = db.One(db.Of(t), roleChangeColumns+" WHERE id = ?", []any{id}, func(r db.Row) error {
		c, err = scanRoleChange(r)
		return err
	})
	return c, found, err
}

// InsertGroup implements role.Store.
func (s *Store) InsertGroup(t tx.Tx, g *role.UserGroup) (int64, error) {
	id, err := db.InsertID(db.Of(t), "INSERT INTO user_group (title) VALUES (?) RETURNING id", g.Title)
	if err != nil {
		return 0, err
	}
	return id, s.saveMembers(t, id, g.Members)
}

// SaveGroup implements role.Store.
func (s *Store) SaveGroup(t tx.Tx, g *role.UserGroup) error {
	if err := exec(t, "UPDATE user_group SET title = ? WHERE id = ?", g.Title, g.ID); err != nil {
		return err
	}
	return s.saveMembers(t, g.ID, g.Members)
}

func (s *Store) saveMembers(t tx.Tx, id int64, members []int64) error {
	if err := exec(t, "DELETE FROM user_group_member WHERE group_id = ?", id); err != nil {
		return err
	}
	for _, m := range members {
		if err := exec(t, "INSERT INTO user_group_member (group_id, user_id) VALUES (?, ?)", id, m); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup implements role.Store.
func (s *Store) DeleteGroup(t tx.Tx, id int64) error {
	if err := s.saveMembers(t, id, nil); err != nil {
		return err
	}
	return exec(t, "DELETE FROM user_group WHERE id = ?", id)
}

// InsertStandIn implements role.Store.
func (s *Store) InsertStandIn(t tx.Tx, in role.StandIn) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO stand_in (user_id, for_id, kind, from_at, until_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		in.UserID, in.ForID, string(in.Kind), in.From, in.Until)
}

// DeleteStandIn implements role.Store.
func (s *Store) DeleteStandIn(t tx.Tx, id int64) error {
	return exec(t, "DELETE FROM stand_in WHERE id = ?", id)
}
