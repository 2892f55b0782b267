package intake

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/schema"
	"voronka/internal/sales/form"
)

// Channels a key can stand for.
var Channels = []string{"form", "api", "site", "call", "email", "chat", "import"}

// Key is a door for requests: whoever knows it may send them, what comes through it goes one way.
type Key struct {
	ID            int64
	Code          string
	Key           string // the secret part of the address
	Title         string
	Channel       string
	Source        string // code of the list "source" for requests that don't say theirs
	PipelineID    int64  // 0: the first one
	DrumID        int64  // who is offered the records; 0: nobody
	ResponsibleID int64  // who answers for them without a drum; 0: nobody
	Lang          string // of the hosted form; "": the visitor's
	Form          form.Options
	Active        bool
	CreatedAt     clock.Instant
	RemovedAt     clock.Instant // 0: it is there
}

// KeyPatch is what shall change of a key, or what a new one is like; nil leaves as it is.
type KeyPatch struct {
	Code          *string // only of a new key
	Title         *string
	Channel       *string
	Source        *string
	PipelineID    *int64
	DrumID        *int64
	ResponsibleID *int64
	Lang          *string
	Form          *form.Options // its secret is ours and stays
	Active        *bool
	Rotate        bool // a new address; the old one is dead at once
}

// NewKey is a random key nobody can guess: 128 bits.
func NewKey() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// CreateKey makes a key.
func (s *Service) CreateKey(ctx context.Context, who access.Who, p KeyPatch) (k *Key, err error) {
	if err := who.Must(access.Forms); err != nil {
		return nil, err
	}
	address, secret := NewKey(), NewKey()
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		k, err = s.createKey(t, p, address, secret)
		return err
	})
	return k, err
}

func (s *Service) createKey(t tx.Tx, p KeyPatch, address, secret string) (*Key, error) {
	k := &Key{Key: address, Channel: "form", Active: true, CreatedAt: t.Now()}
	k.Form.Secret = secret
	if err := s.applyKey(t, p, k); err != nil {
		return nil, err
	}
	codes, err := s.Store.KeyCodes(t)
	if err != nil {
		return nil, err
	}
	wished := ""
	if p.Code != nil {
		wished = *p.Code
	}
	if k.Code, err = pipeline.NewCode(wished, pipeline.Titles{RU: k.Title}, "key", codes); err != nil {
		return nil, err
	}
	k.ID, err = s.Store.InsertKey(t, k)
	return k, err
}

// ChangeKey applies a patch.
func (s *Service) ChangeKey(ctx context.Context, who access.Who, id int64, p KeyPatch) (k *Key, err error) {
	if err := who.Must(access.Forms); err != nil {
		return nil, err
	}
	address := NewKey()
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if k, err = s.Store.KeyByID(t, id); err != nil {
			return err
		}
		if k.RemovedAt != 0 {
			return fault.New(fault.NotFound, "intake.no_such_key")
		}
		if err := s.applyKey(t, p, k); err != nil {
			return err
		}
		if p.Rotate {
			k.Key = address
		}
		return s.Store.SaveKey(t, k)
	})
	return k, err
}

// RemoveKey closes a door for good. Requests that came through it keep their place in the history, and what people have
// opened before is held for a person to decide.
func (s *Service) RemoveKey(ctx context.Context, who access.Who, id int64) error {
	if err := who.Must(access.Forms); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.RemoveKey(t, id) })
}

func (s *Service) applyKey(t tx.Tx, p KeyPatch, k *Key) (err error) {
	set(&k.Title, p.Title)
	set(&k.Channel, p.Channel)
	set(&k.Source, p.Source)
	set(&k.PipelineID, p.PipelineID)
	set(&k.DrumID, p.DrumID)
	set(&k.ResponsibleID, p.ResponsibleID)
	set(&k.Lang, p.Lang)
	set(&k.Active, p.Active)
	if p.Form != nil {
		secret := k.Form.Secret
		k.Form = *p.Form
		k.Form.Secret = secret
	}
	if k.Title, err = pipeline.Line("title", k.Title, pipeline.MaxTitle); err != nil {
		return err
	}
	if err := s.checkKey(t, k); err != nil {
		return err
	}
	return s.keepTerms(t, k)
}

// keepTerms writes down what visitors will be asked to agree to, before anybody is.
func (s *Service) keepTerms(t tx.Tx, k *Key) error {
	if k.Form.Consent == nil {
		return nil
	}
	for _, terms := range k.Form.Consent.All() {
		if _, err := s.Store.SaveConsent(t, terms); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) checkKey(t tx.Tx, k *Key) error {
	c, err := s.Records.Catalog(t)
	if err != nil {
		return err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	var wrong *fault.Error
	if k.Title == "" {
		wrong = wrong.With("title", "required")
	}
	if !slices.Contains(Channels, k.Channel) {
		wrong = wrong.With("channel", "intake.bad_channel")
	}
	if f := c.Type("lead").Field("source"); k.Source != "" && (f == nil || f.Value(k.Source) == nil) {
		wrong = wrong.With("source", "intake.bad_source")
	}
	if p := c.PipelineByID(k.PipelineID); k.PipelineID != 0 && (p == nil || p.Removed) {
		wrong = wrong.With("pipeline", "pipeline.not_found")
	}
	if k.ResponsibleID != 0 && org.User(k.ResponsibleID) == nil {
		wrong = wrong.With("responsible", "drum.no_such_person")
	}
	if k.Lang != "" && k.Lang != "ru" && k.Lang != "en" {
		wrong = wrong.With("lang", "intake.bad_lang")
	}
	if bad := k.Form.CheckOptions(c, Main(org, c)); bad != nil {
		for _, f := range bad.Fields {
			wrong = wrong.With(f.Path, f.Key, f.Args)
		}
	}
	if k.DrumID != 0 {
		if ok, err := s.Store.HasDrum(t, k.DrumID); err != nil {
			return err
		} else if !ok {
			wrong = wrong.With("drum", "drum.not_found")
		}
	}
	return wrong.OrNil()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Main is the code of the type requests become: lead, or deal in simple mode.
func Main(org *directory.Directory, c *schema.Catalog) string {
	if org.Portal.Simple || c.Type("lead") == nil {
		return "deal"
	}
	return "lead"
}
