// Package file is files: uploaded once, kept by content, attached to records through fields. Whoever uploaded a file or sees
// the field of a record it hangs on may read it.
package file

import (
	"context"
	"io"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// File is one uploaded file; two with the same content share the blob.
type File struct {
	ID        int64
	Hash      string
	Size      int64
	Name      string
	Mime      string
	CreatedAt clock.Instant
	CreatedBy int64
}

// Hold is a field of a record a file hangs on.
type Hold struct {
	Type   string
	Field  string
	Access event.Access
}

// Blobs keeps contents by their hash.
type Blobs interface {
	// Put stores what r gives and returns its hash; the same content twice is kept once.
	Put(ctx context.Context, r io.Reader) (hash string, size int64, err error)
	// Open reads a content.
	Open(ctx context.Context, hash string) (io.ReadSeekCloser, error)
}

// Store keeps what is known of files.
type Store interface {
	// AddFile writes a new file and gives its number.
	AddFile(t tx.Tx, f File) (id int64, err error)
	// File finds a file and the records it hangs on.
	File(ctx context.Context, id int64) (f File, holds []Hold, ok bool, err error)
}

// Service takes and gives files.
type Service struct {
	Tx    tx.Doer
	Store Store
	Blobs Blobs
}

// MaxName is how long a file's name may be, in characters.
const MaxName = 200

// Upload stores a file for a person. The content is durable before its row is.
func (s *Service) Upload(ctx context.Context, who access.Who, name, mediaType string, r io.Reader) (File, error) {
	if who.Role == access.Guest {
		return File{}, fault.New(fault.Forbidden, "http.forbidden")
	}
	f := File{Name: CleanName(name), Mime: CleanMime(mediaType, name), CreatedBy: who.UserID}
	var err error
	if f.Hash, f.Size, err = s.Blobs.Put(ctx, r); err != nil {
		return File{}, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) (err error) {
		f.CreatedAt = t.Now()
		f.ID, err = s.Store.AddFile(t, f)
		return err
	})
	return f, err
}

// Open reads a file, if the person may.
func (s *Service) Open(ctx context.Context, who access.Who, id int64) (File, io.ReadSeekCloser, error) {
	f, holds, ok, err := s.Store.File(ctx, id)
	if err != nil {
		return f, nil, err
	}
	if !ok || !readable(who, f, holds) {
		return f, nil, fault.New(fault.NotFound, "file.not_found", fault.Args{"id": id})
	}
	content, err := s.Blobs.Open(ctx, f.Hash)
	return f, content, err
}

func readable(who access.Who, f File, holds []Hold) bool {
	if who.IsAdmin() || who.UserID != 0 && f.CreatedBy == who.UserID {
		return true
	}
	for _, h := range holds {
		if !slices.Contains(who.Fields(h.Type).Hidden, h.Field) && who.Plan(h.Type, access.See).Sees(h.Access) {
			return true
		}
	}
	return false
}

// CleanName makes a name that is safe in a header and on a disk: no folders, no control characters.
func CleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return -1 // what turns the reading direction hides the real ending
		}
		return r
	}, name))
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	if n := utf8.RuneCountInString(name); n > MaxName {
		runes, ending := []rune(name), []rune(path.Ext(name))
		if len(ending) > 20 {
			ending = nil
		}
		name = string(runes[:MaxName-len(ending)]) + string(ending)
	}
	return name
}

// CleanMime is the media type to keep: what was said, if it is one, else what the name's ending says.
func CleanMime(mediaType, name string) string {
	if kind, _, err := mime.ParseMediaType(mediaType); err == nil && kind != "application/octet-stream" && len(kind) <= 100 && strings.Contains(kind, "/") {
		return kind
	}
	if kind, _, err := mime.ParseMediaType(mime.TypeByExtension(path.Ext(name))); err == nil {
		return kind
	}
	return "application/octet-stream"
}
