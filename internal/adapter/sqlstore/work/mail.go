package workstore

import (
	"context"
	"encoding/json"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/intake"
	"voronka/internal/work/mail"
)

// MailSettings implements mail.Store.
func (s *Store) MailSettings(ctx context.Context) (o mail.Settings, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		o, err = mailIn(q)
		return err
	})
	return o, err
}

// MailSettingsIn implements mail.Store.
func (s *Store) MailSettingsIn(t tx.Tx) (mail.Settings, error) { return mailIn(db.Of(t)) }

func mailIn(q db.Q) (mail.Settings, error) {
	o := mail.Defaults()
	_, err := setting(q, mailKey, &o)
	return o, err
}

// SaveMailSettings implements mail.Store.
func (s *Store) SaveMailSettings(t tx.Tx, o mail.Settings) error {
	doc, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", mailKey, string(doc))
	return err
}

// InsertLetter implements mail.Store.
func (s *Store) InsertLetter(t tx.Tx, l *mail.Letter) (bool, error) {
	return db.One(db.Of(t), `INSERT INTO mail (source, message_id, to_address, to_key, to_name, lang, subject, body, state, created_at, until_at, secret)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
		[]any{l.Source, l.MessageID, l.To, mailbox(l.To), l.ToName, l.Lang, l.Subject, l.Body, l.State, l.CreatedAt, l.Until, l.Secret},
		func(r db.Row) error { l.ID = r.Int64(0); return nil })
}

// mailbox is whom an address reaches, as clients are recognised by it: neither case nor a "+tag" makes another one.
func mailbox(address string) string {
	if _, normal, ok := schema.NormalEmail(address); ok {
		return normal
	}
	return strings.ToLower(strings.TrimSpace(address))
}

// Letter implements mail.Store.
func (s *Store) Letter(ctx context.Context, id int64) (l *mail.Letter, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		l = nil
		_, err := db.One(q, `SELECT id, source, message_id, to_address, to_name, lang, subject, body, state, attempts, error, created_at, until_at, sent_at
			FROM mail WHERE id = ?`, []any{id}, func(r db.Row) error {
			l = &mail.Letter{
				ID: r.Int64(0), Source: r.Text(1), MessageID: r.Text(2), To: r.Text(3), ToName: r.Text(4), Lang: r.Text(5), Subject: r.Text(6), Body: r.Text(7),
				State: r.Text(8), Attempts: int(r.Int64(9)), Error: r.Text(10), CreatedAt: clock.Instant(r.Int64(11)), Until: clock.Instant(r.Int64(12)),
				SentAt: clock.Instant(r.Int64(13)),
			}
			return nil
		})
		return err
	})
	return l, err
}

// Mark implements mail.Store.
func (s *Store) Mark(t tx.Tx, id int64, state, problem string) error {
	sent := clock.Instant(0)
	if state == mail.Sent {
		sent = t.Now()
	}
	_, err := db.Of(t).Exec(`UPDATE mail SET state = ?, error = ?, attempts = attempts + 1, sent_at = ?, body = CASE WHEN secret = 1 AND ? <> 'waiting' THEN '' ELSE body END
		WHERE id = ? AND state = 'waiting'`, state, problem, sent, state, id)
	return err
}

// LettersTo implements mail.Store.
func (s *Store) LettersTo(t tx.Tx, address, prefix string, since clock.Instant) (n int64, err error) {
	err = db.Of(t).Query("SELECT source FROM mail WHERE to_key = ? AND created_at >= ?", []any{mailbox(address), since}, func(r db.Row) error {
		if strings.HasPrefix(r.Text(0), prefix) {
			n++
		}
		return nil
	})
	return n, err
}

// Queue implements mail.Store.
func (s *Store) Queue(ctx context.Context, since clock.Instant) (o mail.Queue, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		o = mail.Queue{}
		for state, to := range map[string]*int64{mail.Waiting: &o.Waiting, mail.Failed: &o.Failed} {
			if *to, err = db.Int(q, "SELECT count(*) FROM mail WHERE state = ? AND created_at >= ?", state, since); err != nil {
				return err
			}
		}
		_, err := db.One(q, "SELECT error FROM mail WHERE state IN ('waiting', 'failed') AND error <> '' AND created_at >= ? ORDER BY id DESC LIMIT 1", []any{since},
			func(r db.Row) error { o.Problem = r.Text(0); return nil })
		return err
	})
	return o, err
}

// SweepLetters implements mail.Store.
func (s *Store) SweepLetters(t tx.Tx, before clock.Instant, limit int) (int64, error) {
	return db.Of(t).Exec("DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE created_at < ? AND state <> 'waiting' ORDER BY created_at LIMIT ?)", before, limit)
}

func templateIn(q db.Q, keyID int64) (x mail.Template, err error) {
	x.KeyID = keyID
	_, err = db.One(q, "SELECT active, subject_ru, body_ru, subject_en, body_en FROM client_letter WHERE intake_key_id = ?", []any{keyID}, func(r db.Row) error {
		x = mail.Template{KeyID: keyID, Active: r.Int64(0) != 0, SubjectRU: r.Text(1), BodyRU: r.Text(2), SubjectEN: r.Text(3), BodyEN: r.Text(4)}
		return nil
	})
	return x, err
}

// Template implements mail.Store.
func (s *Store) Template(ctx context.Context, keyID int64) (x mail.Template, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		if n, err := db.Int(q, "SELECT count(*) FROM intake_key WHERE id = ?", keyID); err != nil || n == 0 {
			if err == nil {
				err = fault.New(fault.NotFound, "intake.no_such_key")
			}
			return err
		}
		x, err = templateIn(q, keyID)
		return err
	})
	return x, err
}

// TemplateIn implements mail.Store.
func (s *Store) TemplateIn(t tx.Tx, keyID int64) (mail.Template, error) {
	return templateIn(db.Of(t), keyID)
}

// SaveTemplate implements mail.Store.
func (s *Store) SaveTemplate(t tx.Tx, x mail.Template) error {
	q := db.Of(t)
	if n, err := db.Int(q, "SELECT count(*) FROM intake_key WHERE id = ?", x.KeyID); err != nil || n == 0 {
		if err == nil {
			err = fault.New(fault.NotFound, "intake.no_such_key")
		}
		return err
	}
	_, err := q.Exec(`INSERT INTO client_letter (intake_key_id, active, subject_ru, body_ru, subject_en, body_en) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (intake_key_id) DO UPDATE SET active = excluded.active, subject_ru = excluded.subject_ru, body_ru = excluded.body_ru,
		subject_en = excluded.subject_en, body_en = excluded.body_en`, x.KeyID, x.Active, x.SubjectRU, x.BodyRU, x.SubjectEN, x.BodyEN)
	return err
}

// Came implements mail.Store: the requests as they were sent, and who answers for their records now. Rows of an imported
// base are left out, whatever door they were given: nobody has written to us.
func (s *Store) Came(t tx.Tx, requestIDs []int64) (list []mail.Came, err error) {
	q := db.Of(t)
	cat, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	in, arg := db.Ints(q, requestIDs)
	err = q.Query(`SELECT r.id, r.intake_key_id, r.payload, r.type_id, r.record_id, k.lang FROM request r JOIN intake_key k ON k.id = r.intake_key_id
		JOIN client_letter l ON l.intake_key_id = k.id AND l.active = 1 WHERE r.channel <> 'import' AND r.id`+in+" ORDER BY r.id", []any{arg}, func(r db.Row) error {
		p, err := intake.ParseJSON([]byte(r.Text(2)))
		if err != nil {
			return nil //nolint:nilerr // an odd request that was taken in all the same has nobody to thank
		}
		c := mail.Came{RequestID: r.Int64(0), KeyID: r.Int64(1), Record: refOf(cat, r.Int64(3), r.Int64(4)), Lang: r.Text(5), Name: p.Name}
		for _, e := range p.Emails {
			if value, _, ok := schema.NormalEmail(e); ok {
				c.Email = value
				break
			}
		}
		list = append(list, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if typ := cat.Type(list[i].Record.Type); typ != nil {
			if list[i].ManagerID, err = db.Int(q, "SELECT responsible_id FROM "+typ.Table()+" WHERE id = ?", list[i].Record.ID); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
