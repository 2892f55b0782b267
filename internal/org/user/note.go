package user

import (
	"maps"

	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

// note writes into the access journal what was done to an account.
func (s *Service) note(t tx.Tx, what string, u *User, more map[string]any) error {
	data := map[string]any{"what": what, "user": u.ID}
	maps.Copy(data, more)
	return s.Store.Note(t, accessjournal.Entry{Kind: accessjournal.Account, Data: accessjournal.Data(data)})
}

// noteChange writes down what of a change lets people in or keeps them out, or gives them other rights.
func (s *Service) noteChange(t tx.Tx, before User, u *User, password bool) error {
	if before.Role != u.Role {
		data := map[string]any{"what": "role", "user": u.ID, "was": before.Role, "is": u.Role}
		if err := s.Store.Note(t, accessjournal.Entry{Kind: accessjournal.Rights, Data: accessjournal.Data(data)}); err != nil {
			return err
		}
	}
	if before.DepartmentID != u.DepartmentID {
		data := map[string]any{"what": "department", "user": u.ID, "was": before.DepartmentID, "is": u.DepartmentID}
		if err := s.Store.Note(t, accessjournal.Entry{Kind: accessjournal.Rights, Data: accessjournal.Data(data)}); err != nil {
			return err
		}
	}
	if before.EmailKey != u.EmailKey {
		if err := s.note(t, "email_changed", u, map[string]any{"was": before.Email, "is": u.Email}); err != nil {
			return err
		}
	}
	if password {
		if err := s.note(t, "password_given", u, nil); err != nil {
			return err
		}
	}
	if before.Active == u.Active {
		return nil
	}
	what := "user_deactivated"
	if u.Active {
		what = "user_activated"
	}
	return s.note(t, what, u, nil)
}
