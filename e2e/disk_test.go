package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// smallDisk mounts a disk of so many megabytes; only root may.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "voronka-test", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk: mounting needs root on Linux (%v %s)", err, strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

// TestDiskFull lets the disk of the embedded database run full: changes are refused in words, reading goes on, nothing is
// half written, and with room again all goes on without a restart.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, 48)
	portal := newPortalIn(t, filepath.Join(disk, "data"), "")
	server := portal.Start(t)
	acknowledged := map[int64]string{}
	var open []attempt
	create := func(key string) Answer {
		t.Helper()
		a, err := server.Ask(t.Context(), "POST", "/api/leads", leadOf(key), "Idempotency-Key", key)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status == http.StatusCreated {
			acknowledged[idOf(a)] = key
		} else {
			open = append(open, attempt{key})
		}
		return a
	}
	if a := create("before"); a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}

	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	leave(t, ballast, 400<<10) // so that it runs full in the middle of the work
	full := 0
	for n := 0; full < 20; n++ {
		a := create(fmt.Sprint("full-", n))
		switch {
		case a.Status == http.StatusCreated && n < 20_000:
		case (a.Status == http.StatusServiceUnavailable || a.Status == http.StatusInsufficientStorage) && a.Translated() && a.Problem().Key == "db.disk_full":
			full++
		default:
			t.Fatalf("with a full disk: %d %s\n%s", a.Status, a.Body, server.log)
		}
	}
	for _, path := range []string{"/api/leads", "/api/records/lead/board", "/api/users", "/api/types", "/healthz"} {
		if status, err := server.Call(t.Context(), "GET", path, nil, nil); status != http.StatusOK {
			t.Errorf("GET %s with a full disk: %d %v", path, status, err)
		}
	}
	// A file doesn't fit either.
	upload, err := server.Ask(t.Context(), "POST", "/api/files?name=a.txt", strings.Repeat("x", 500_000), "Content-Type", "text/plain")
	if err != nil || upload.Status < 500 || upload.Status == http.StatusInternalServerError || !upload.Translated() {
		t.Errorf("an upload: %d %s %v", upload.Status, upload.Body, err)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, "writing with room again", func() bool {
		return create(fmt.Sprint("after-", len(open))).Status == http.StatusCreated
	})
	if rest := settle(t, server, open, acknowledged); len(rest) > 0 {
		t.Errorf("%d requests are still refused", len(rest))
	}
	checkOnce(t, server, acknowledged)
	if code := server.Stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	portal.doctor(t)
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4 << 10} { // with big pieces, then with small ones
		piece := make([]byte, size)
		for written := 0; err == nil && written < 1<<30; written += size {
			_, err = f.Write(piece)
		}
		err = nil
	}
}

// leave frees a little room at the end of a file.
func leave(t *testing.T, path string, room int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-room); err != nil {
		t.Fatal(err)
	}
}
