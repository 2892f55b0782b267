package session

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
)

// TokenPrefix begins every API token, so that scanners for leaked secrets know them.
const TokenPrefix = "vrk_"

// MaxTokens is how many tokens a person may have, MaxTitle how long a token's title may be in characters.
const (
	MaxTokens = 100
	MaxTitle  = 120
)

// Tokens lists the tokens of a person, the newest first.
func (s *Service) Tokens(ctx context.Context, who access.Who, userID int64) ([]Token, error) {
	if err := mayTokens(who, userID); err != nil {
		return nil, err
	}
	return s.store.TokensOf(ctx, userID)
}

// MaxTokenLife is the longest life of a token made by somebody who is no administrator. It is also what he gets without asking.
const MaxTokenLife = 366 * 24 * time.Hour

// TokenDraft is a token to be made.
type TokenDraft struct {
	Title   string
	Expires clock.Instant // 0: never, for administrators; for others after a year
	Uses    []access.Use  // none: everything
	Types   []string      // record types, by code; none: all. Only with reading and writing
}

// typeCode is how codes of record types look.
var typeCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// clean brings a draft into shape and says what is wrong with it.
func (d *TokenDraft) clean(who access.Who, now clock.Instant) error {
	var wrong *fault.Error
	if d.Title = strings.Join(strings.Fields(short(d.Title, MaxTitle)), " "); d.Title == "" {
		wrong = wrong.With("title", "token.title_missing")
	}
	latest := now.Add(MaxTokenLife)
	switch {
	case d.Expires == 0 && !who.IsAdmin():
		d.Expires = now.Add(365 * 24 * time.Hour)
	case d.Expires != 0 && d.Expires <= now:
		wrong = wrong.With("expires_at", "token.expires_past")
	case d.Expires > latest && !who.IsAdmin():
		wrong = wrong.With("expires_at", "token.expires_far")
	}
	if len(d.Uses) == 0 {
		d.Uses = []access.Use{access.UseAll}
	}
	slices.Sort(d.Uses)
	d.Uses = slices.Compact(d.Uses)
	for _, u := range d.Uses {
		if !u.Valid() {
			wrong = wrong.With("uses", "user.bad_choice")
			return wrong
		}
	}
	if slices.Contains(d.Uses, access.UseAll) {
		d.Uses = []access.Use{access.UseAll}
	}
	slices.Sort(d.Types)
	d.Types = slices.Compact(d.Types)
	if len(d.Types) > 100 || slices.ContainsFunc(d.Types, func(t string) bool { return !typeCode.MatchString(t) }) {
		wrong = wrong.With("types", "user.bad_choice")
	}
	if len(d.Types) > 0 && slices.ContainsFunc(d.Uses, func(u access.Use) bool { return u != access.UseRead && u != access.UseWrite }) {
		wrong = wrong.With("types", "token.types_only_records")
	}
	return wrong.OrNil()
}

// AddToken makes a token for a person or service account and gives its secret, which is shown this once.
func (s *Service) AddToken(ctx context.Context, who access.Who, userID int64, d TokenDraft) (secretText string, k Token, err error) {
	if err := mayTokens(who, userID); err != nil {
		return "", Token{}, err
	}
	if err := d.clean(who, s.clock.Now()); err != nil {
		return "", Token{}, err
	}
	have, err := s.store.TokensOf(ctx, userID)
	if err != nil {
		return "", Token{}, err
	}
	if len(have) >= MaxTokens {
		return "", Token{}, fault.New(fault.TooLarge, "token.too_many", fault.Args{"max": MaxTokens})
	}
	text := TokenPrefix + secret()
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		owner, err := s.store.LockCredentials(t, userID)
		if err != nil {
			return err
		}
		if !owner.Active {
			return fault.New(fault.NotFound, "user.unknown")
		}
		k = Token{UserID: userID, Title: d.Title, CreatedAt: t.Now(), ExpiresAt: d.Expires, Uses: d.Uses, Types: d.Types}
		if k.ID, err = s.store.InsertToken(t, k, hashOf(text)); err != nil {
			return err
		}
		return s.store.Note(t, accessjournal.Entry{Kind: accessjournal.TokenMade, Data: accessjournal.Data(map[string]any{
			"token": k.ID, "title": k.Title, "user": userID, "scopes": k.Uses, "types": k.Types,
		})})
	})
	if err != nil {
		return "", Token{}, err
	}
	return text, k, nil
}

// RevokeToken ends a token of a person, from now on.
func (s *Service) RevokeToken(ctx context.Context, who access.Who, userID, id int64) error {
	if err := mayTokens(who, userID); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(t tx.Tx) error {
		title, had, err := s.store.DeleteToken(t, userID, id)
		if err != nil {
			return err
		}
		if !had {
			return fault.New(fault.NotFound, "token.unknown")
		}
		t.AfterCommit(s.cache.clear)
		return s.store.Note(t, accessjournal.Entry{Kind: accessjournal.TokenRevoked, Data: accessjournal.Data(map[string]any{"token": id, "title": title, "user": userID})})
	})
}
