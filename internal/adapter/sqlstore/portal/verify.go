package portal

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Verify reads a backup from end to end and compares every part with the manifest: hashes, sizes, numbers of rows. Fault
// backup.broken says what is wrong, db.newer that the program is too old for it.
func Verify(ctx context.Context, path string) (*Manifest, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, broken("%w", err)
	}
	defer func() { _ = z.Close() }()
	m, err := readManifest(&z.Reader)
	if err != nil {
		return nil, err
	}
	for _, p := range m.Tables {
		if err := verifyPart(ctx, &z.Reader, "tables/"+p.Name+".jsonl", p, true); err != nil {
			return nil, err
		}
	}
	for _, p := range m.Files {
		if p.Name != p.SHA256 {
			return nil, broken("file %s is named wrongly", p.Name)
		}
		if err := verifyPart(ctx, &z.Reader, "files/"+p.Name, p, false); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func verifyPart(ctx context.Context, z *zip.Reader, name string, p *Part, lines bool) error {
	f, err := z.Open(name)
	if err != nil {
		return broken("%s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	r := bufio.NewReaderSize(io.TeeReader(f, hash), 64<<10)
	buffer := make([]byte, 64<<10)
	var size, rows int64
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buffer)
		size += int64(n)
		for _, c := range buffer[:n] {
			if c == '\n' {
				rows++
			}
		}
		if err == io.EOF { //nolint:errorlint // Read returns it bare
			break
		}
		if err != nil {
			return broken("%s: %w", name, err)
		}
	}
	switch {
	case size != p.Size:
		return broken("%s: %d bytes instead of %d", name, size, p.Size)
	case hex.EncodeToString(hash.Sum(nil)) != p.SHA256:
		return broken("%s: the content has changed", name)
	case lines && rows != p.Rows:
		return broken("%s: %d rows instead of %d", name, rows, p.Rows)
	}
	return nil
}
