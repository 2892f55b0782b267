package session

import (
	"context"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
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

// AddToken makes a token for a person and gives its secret, which is shown this once. expires 0 is never.
func (s *Service) AddToken(ctx context.Context, who access.Who, userID int64, title string, expires clock.Instant) (secretText string, k Token, err error) {
	if err := mayTokens(who, userID); err != nil {
		return "", Token{}, err
	}
	title = strings.Join(strings.Fields(short(title, MaxTitle)), " ")
	if title == "" {
		return "", Token{}, fault.In("title", "token.title_missing")
	}
	if expires != 0 && expires <= s.clock.Now() {
		return "", Token{}, fault.In("expires_at", "token.expires_past")
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
		k = Token{UserID: userID, Title: title, CreatedAt: t.Now(), ExpiresAt: expires}
		k.ID, err = s.store.InsertToken(t, k, hashOf(text))
		return err
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
		had, err := s.store.DeleteToken(t, userID, id)
		if err != nil {
			return err
		}
		if !had {
			return fault.New(fault.NotFound, "token.unknown")
		}
		t.AfterCommit(s.cache.clear)
		return nil
	})
}
