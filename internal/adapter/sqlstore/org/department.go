package orgstore

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/department"
)

// Departments implements department.Store.
func (s *Store) Departments(t tx.Tx) ([]*department.Department, error) {
	return departmentsIn(db.Of(t))
}

func departmentsIn(q db.Q) ([]*department.Department, error) {
	var all []*department.Department
	byID := map[int64]*department.Department{}
	err := q.Query("SELECT id, parent_id, title, head_id, pos, pos_end, sort FROM department ORDER BY id", nil, func(r db.Row) error {
		d := &department.Department{ID: r.Int64(0), ParentID: r.Int64(1), Title: r.Text(2), HeadID: r.Int64(3), Pos: r.Int64(4), PosEnd: r.Int64(5), Sort: r.Int64(6)}
		all, byID[d.ID] = append(all, d), d
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, q.Query("SELECT department_id, user_id FROM department_deputy ORDER BY department_id, user_id", nil, func(r db.Row) error {
		if d := byID[r.Int64(0)]; d != nil {
			d.Deputies = append(d.Deputies, r.Int64(1))
		}
		return nil
	})
}

// InsertDepartment implements department.Store.
func (s *Store) InsertDepartment(t tx.Tx, d *department.Department) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO department (parent_id, title, head_id, pos, pos_end, sort) VALUES (?, ?, ?, 0, 0, ?) RETURNING id",
		d.ParentID, d.Title, d.HeadID, d.Sort)
}

// SaveDepartment implements department.Store.
func (s *Store) SaveDepartment(t tx.Tx, d *department.Department) error {
	if err := exec(t, "UPDATE department SET parent_id = ?, title = ?, head_id = ?, pos = ?, pos_end = ?, sort = ? WHERE id = ?",
		d.ParentID, d.Title, d.HeadID, d.Pos, d.PosEnd, d.Sort, d.ID); err != nil {
		return err
	}
	if err := exec(t, "DELETE FROM department_deputy WHERE department_id = ?", d.ID); err != nil {
		return err
	}
	for _, id := range d.Deputies {
		if err := exec(t, "INSERT INTO department_deputy (department_id, user_id) VALUES (?, ?)", d.ID, id); err != nil {
			return err
		}
	}
	return nil
}

// DeleteDepartment implements department.Store.
func (s *Store) DeleteDepartment(t tx.Tx, id int64) error {
	if err := exec(t, "DELETE FROM department_deputy WHERE department_id = ?", id); err != nil {
		return err
	}
	return exec(t, "DELETE FROM department WHERE id = ?", id)
}

// CountPeople implements department.Store.
func (s *Store) CountPeople(t tx.Tx, id int64) (int64, error) {
	return db.Int(db.Of(t), "SELECT COUNT(*) FROM users WHERE department_id = ?", id)
}

// MovePeople implements department.Store.
func (s *Store) MovePeople(t tx.Tx, from, to int64) error {
	return exec(t, "UPDATE users SET department_id = ? WHERE department_id = ?", to, from)
}
