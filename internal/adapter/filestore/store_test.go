package filestore

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"voronka/internal/kernel/fault"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := New(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, text string) Blob {
	t.Helper()
	b, err := s.Put(t.Context(), strings.NewReader(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func list(t *testing.T, s *Store) (hashes []string) {
	t.Helper()
	if err := s.Each(t.Context(), func(b Blob) error { hashes = append(hashes, b.Hash); return nil }); err != nil {
		t.Fatal(err)
	}
	return hashes
}

func TestPutAndOpen(t *testing.T) {
	s := open(t)
	b := put(t, s, "abc")
	if b.Hash != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" || b.Size != 3 { // FIPS 180-2, B.1
		t.Fatal(b)
	}
	if put(t, s, "abc") != b || len(list(t, s)) != 1 {
		t.Fatal("equal contents are stored twice")
	}
	r, size, err := s.Open(b.Hash)
	if err != nil || size != 3 {
		t.Fatal(size, err)
	}
	defer func() { _ = r.Close() }()
	if got, err := io.ReadAll(r); err != nil || string(got) != "abc" {
		t.Fatal(string(got), err)
	}
	if e := put(t, s, ""); e.Size != 0 || s.Verify(t.Context(), e.Hash) != nil {
		t.Fatal("an empty file")
	}
}

func TestPutRefusesAndLeavesNothing(t *testing.T) {
	s := open(t)
	if _, err := s.Put(t.Context(), strings.NewReader("abcd"), 3); !fault.Is(err, fault.TooLarge) {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), iotest.ErrReader(errors.New("line cut")), 0); err == nil {
		t.Fatal("a broken upload was stored")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, strings.NewReader("x"), 0); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(s.Root(), incoming)); err != nil || len(left) != 0 || len(list(t, s)) != 1 {
		t.Fatal(left, err)
	}
}

func TestOnlyHashesAreOpened(t *testing.T) {
	s := open(t)
	for _, name := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 64)} {
		if _, _, err := s.Open(name); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	s := open(t)
	b := put(t, s, "abc")
	if err := s.Verify(t.Context(), b.Hash); err != nil {
		t.Fatal(err)
	}
	path, err := s.path(b.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("abd"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(t.Context(), b.Hash); !fault.Is(err, fault.Internal) {
		t.Fatal(err)
	}
}

func TestSweepSparesTheYoungAndTheNeeded(t *testing.T) {
	s := open(t)
	kept, gone := put(t, s, "kept"), put(t, s, "gone")
	broken := filepath.Join(s.Root(), incoming, "put-broken")
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep := func() int {
		n, _, err := s.Sweep(t.Context(), func(hash string) (bool, error) { return hash == kept.Hash, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := sweep(); n != 0 {
		t.Fatal("swept a young one")
	}
	s.now = func() time.Time { return time.Now().Add(25 * time.Hour) }
	put(t, s, "gone") // stored anew: young again
	if n := sweep(); n != 0 {
		t.Fatal("swept one that was just stored again")
	}
	s.now = func() time.Time { return time.Now().Add(50 * time.Hour) }
	if n := sweep(); n != 1 {
		t.Fatal(n)
	}
	if _, _, err := s.Open(gone.Hash); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	if _, err := os.Stat(broken); err == nil {
		t.Fatal("a broken upload is still there")
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			if _, err := s.Put(context.Background(), strings.NewReader(strings.Repeat("x", 1000*(i%4))), 0); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := len(list(t, s)); n != 4 {
		t.Fatal(n)
	}
}
