// Package filestore keeps the bytes of files in a folder, each under the hash of its content, so that equal files are
// stored once and a damaged one is noticed. Names, rights and who a file belongs to are not its business.
package filestore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"voronka/internal/kernel/fault"
)

// Blob names a content.
type Blob struct {
	Hash string // SHA-256 in lower-case hex
	Size int64
}

// Store is a folder of contents: ab/cd/abcd….
type Store struct {
	root string
	now  func() time.Time
}

// incoming is the folder where a content lies until it is complete.
const incoming = "incoming"

// New opens the folder, making it if it isn't there.
func New(root string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(root, incoming), 0o700); err != nil {
		return nil, trouble(err)
	}
	return &Store{root: root, now: time.Now}, nil
}

// Root is the folder.
func (s *Store) Root() string { return s.root }

// Put stores what r holds, up to limit bytes (0: no limit). It returns after the content is safely on disk. Faults:
// file.too_large, db.disk_full, file.store.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	temp, err := os.CreateTemp(filepath.Join(s.root, incoming), "put-*")
	if err != nil {
		return Blob{}, trouble(err)
	}
	defer func() {
		_ = temp.Close()
		_ = os.Remove(temp.Name()) // is gone after the rename
	}()
	b, err := pour(ctx, temp, r, limit)
	if err != nil {
		return Blob{}, err
	}
	if err := errors.Join(temp.Sync(), temp.Close()); err != nil {
		return Blob{}, trouble(err)
	}
	return b, s.settle(temp.Name(), b)
}

// pour copies and hashes.
func pour(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Blob, error) {
	hash := sha256.New()
	buffer := make([]byte, 64<<10)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return Blob{}, err
		}
		n, err := r.Read(buffer)
		size += int64(n)
		if limit > 0 && size > limit {
			return Blob{}, fault.New(fault.TooLarge, "file.too_large", fault.Args{"limit": limit})
		}
		hash.Write(buffer[:n])
		if _, e := w.Write(buffer[:n]); e != nil {
			return Blob{}, trouble(e)
		}
		if errors.Is(err, io.EOF) {
			return Blob{Hash: hex.EncodeToString(hash.Sum(nil)), Size: size}, nil
		}
		if err != nil {
			return Blob{}, fmt.Errorf("read the file: %w", err)
		}
	}
}

// settle moves a complete content to its place. One that is there already is only made young, so that Sweep, which
// spares the young, can't remove it before the row about it is written.
func (s *Store) settle(temp string, b Blob) error {
	path, err := s.path(b.Hash)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.Size() == b.Size {
		now := s.now()
		return trouble(os.Chtimes(path, now, now))
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return trouble(err)
	}
	if err := os.Chmod(temp, 0o600); err != nil {
		return trouble(err)
	}
	if err := os.Rename(temp, path); err != nil {
		return trouble(err)
	}
	return trouble(errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)), syncFolder(s.root)))
}

// syncFolder makes a new name in a folder durable; Windows knows no such thing.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

// Open gives a content to read; NotFound file.missing when it isn't there.
func (s *Store) Open(hash string) (io.ReadSeekCloser, int64, error) {
	path, err := s.path(hash)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fault.Wrap(fault.NotFound, "file.missing", err)
	}
	if err != nil {
		return nil, 0, trouble(err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, trouble(err)
	}
	return f, info.Size(), nil
}

// Verify reads a content and tells whether it is what its name says; Internal file.damaged when not.
func (s *Store) Verify(ctx context.Context, hash string) error {
	f, _, err := s.Open(hash)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	b, err := pour(ctx, io.Discard, f, 0)
	if err != nil {
		return err
	}
	if b.Hash != hash {
		return fault.Wrap(fault.Internal, "file.damaged", fmt.Errorf("%s holds %s", hash, b.Hash))
	}
	return nil
}

// path is where a content lies; anything but a hash is refused.
func (s *Store) path(hash string) (string, error) {
	if !valid(hash) {
		return "", fault.New(fault.NotFound, "file.missing")
	}
	return filepath.Join(s.root, hash[:2], hash[2:4], hash), nil
}

func valid(hash string) bool {
	raw, err := hex.DecodeString(hash)
	return err == nil && len(raw) == sha256.Size && bytes.Equal([]byte(hex.EncodeToString(raw)), []byte(hash))
}

// trouble turns what the disk says into our vocabulary.
func trouble(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.Wrap(fault.Unavailable, "db.disk_full", err)
	}
	return fault.Wrap(fault.Unavailable, "file.store", err)
}

// Keep is Put without a limit, for contents that come back from a backup.
func (s *Store) Keep(ctx context.Context, r io.Reader) (hash string, err error) {
	b, err := s.Put(ctx, r, 0)
	return b.Hash, err
}
