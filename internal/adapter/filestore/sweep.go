package filestore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// young is how long a content is kept though no row names it yet.
const young = 24 * time.Hour

// Each calls f for every content, in the order of the hashes.
func (s *Store) Each(ctx context.Context, f func(Blob) error) error {
	return s.walk(ctx, func(_ string, b Blob, _ time.Time) error { return f(b) })
}

func (s *Store) walk(ctx context.Context, f func(path string, b Blob, changed time.Time) error) error {
	err := filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed meanwhile
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() && path == filepath.Join(s.root, incoming):
			return fs.SkipDir
		case entry.IsDir() || !valid(entry.Name()):
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return f(path, Blob{Hash: entry.Name(), Size: info.Size()}, info.ModTime())
	})
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Sweep removes contents that needed says no to and leftovers of broken uploads. What is younger than a day is spared:
// the row about it may be on its way.
func (s *Store) Sweep(ctx context.Context, needed func(hash string) (bool, error)) (removed int, freed int64, err error) {
	old := s.now().Add(-young)
	err = s.walk(ctx, func(path string, b Blob, changed time.Time) error {
		if changed.After(old) {
			return nil
		}
		keep, err := needed(b.Hash)
		if err != nil || keep {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return trouble(err)
		}
		removed++
		freed += b.Size
		return nil
	})
	if err != nil {
		return removed, freed, err
	}
	return removed, freed, s.sweepIncoming(old)
}

func (s *Store) sweepIncoming(old time.Time) error {
	entries, err := os.ReadDir(filepath.Join(s.root, incoming))
	if err != nil {
		return trouble(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || info.ModTime().After(old) {
			continue
		}
		if err := os.Remove(filepath.Join(s.root, incoming, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return trouble(err)
		}
	}
	return nil
}
