package imports

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/file"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/intake"
)

// What an import can be doing.
const (
	Draft   = "draft"   // waits for somebody to say what its columns are
	Running = "running" // rows come in
	Stopped = "stopped" // by a person; goes on from where it was
	Done    = "done"
	Failed  = "failed" // its file is not there any more
)

// Import is one file and how far it is.
type Import struct {
	ID        int64
	CreatedAt clock.Instant
	CreatedBy int64
	FileID    int64
	FileHash  string
	FileName  string
	Size      int64

	Encoding  string
	Separator string
	Header    bool
	Columns   []string
	Heads     []string // the cells of the heading
	KeyID     int64
	KeyTitle  string // read only
	Source    string

	State      string
	Total      int64 // rows of the file that aren't empty, without the heading
	Row        int64 // last row read, as a spreadsheet counts them
	Offset     int64 // where the next one begins
	Added      int64 // became records
	Repeated   int64 // joined what was open of a known client
	Broken     int64
	StartedAt  clock.Instant
	FinishedAt clock.Instant
}

// Broken is a row that didn't come in.
type Broken struct {
	Row   int64
	Key   string // of the message why
	Args  map[string]any
	Cells []string
}

// Store keeps imports. Everything works inside the transaction given.
type Store interface {
	InsertImport(t tx.Tx, i *Import) (int64, error)
	// Import finds one and holds it against others; NotFound when there is none.
	Import(t tx.Tx, id int64) (*Import, error)
	SaveImport(t tx.Tx, i *Import) error
	InsertBroken(t tx.Tx, importID int64, b Broken) error
	// Apart runs f so that its failure undoes only what f did. refused is that failure, err one of the whole transaction.
	Apart(t tx.Tx, f func() error) (refused, err error)
	// KeyByID finds a door, removed ones too.
	KeyByID(t tx.Tx, id int64) (*intake.Key, error)
	// ImportDoor is the oldest open door made for imports, 0 when there is none.
	ImportDoor(t tx.Tx) (int64, error)
}

// Reader shows imports.
type Reader interface {
	// Imports are the newest first, before a number unless it is 0; of one person unless by is 0.
	Imports(ctx context.Context, by, before int64, limit int) ([]*Import, error)
	ImportOf(ctx context.Context, id int64) (*Import, error)
	// BrokenRows are the rows of an import that didn't come in, after a row.
	BrokenRows(ctx context.Context, id, after int64, limit int) ([]Broken, error)
}

// Files keep what was uploaded.
type Files interface {
	Upload(ctx context.Context, who access.Who, name, mediaType string, r io.Reader) (file.File, error)
}

// Contents are opened by their hash.
type Contents interface {
	Open(ctx context.Context, hash string) (io.ReadSeekCloser, error)
}

// Intake lets rows in.
type Intake interface {
	AcceptRow(t tx.Tx, k *intake.Key, row intake.Row) (intake.Answer, error)
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Catalogs tell what fields there are.
type Catalogs interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
}

// Service are the use cases.
type Service struct {
	Tx       tx.Doer
	Store    Store
	Reader   Reader
	Files    Files
	Contents Contents
	Intake   Intake
	Org      Org
	Catalogs Catalogs
}

// may refuses who neither runs the forms nor may import leads or deals.
func may(who access.Who) error {
	if who.Imports() {
		return nil
	}
	return fault.New(fault.Forbidden, "record.forbidden_import")
}

// mayTouch refuses an import that isn't the person's own, unless he runs the forms: to others it isn't there.
func (s *Service) mayTouch(ctx context.Context, who access.Who, id int64) error {
	if err := may(who); err != nil || who.Runs(access.Forms) {
		return err
	}
	_, err := s.One(ctx, who, id)
	return err
}

// One is an import as the person may know it.
func (s *Service) One(ctx context.Context, who access.Who, id int64) (*Import, error) {
	i, err := s.Reader.ImportOf(ctx, id)
	if err == nil && i.CreatedBy != who.UserID && !who.Runs(access.Forms) {
		err = fault.New(fault.NotFound, "import.not_found")
	}
	return i, err
}

// List are the imports the person may know of, the newest first: all for who runs the forms, else his own.
func (s *Service) List(ctx context.Context, who access.Who, before int64, limit int) ([]*Import, error) {
	by := who.UserID
	if who.Runs(access.Forms) {
		by = 0
	}
	return s.Reader.Imports(ctx, by, before, limit)
}

// Upload keeps a file and guesses what it is.
func (s *Service) Upload(ctx context.Context, who access.Who, name, mediaType string, r io.Reader) (*Import, [][]string, error) {
	if err := may(who); err != nil {
		return nil, nil, err
	}
	f, err := s.Files.Upload(ctx, who, name, mediaType, r)
	if err != nil {
		return nil, nil, err
	}
	content, err := s.Contents.Open(ctx, f.Hash)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = content.Close() }()
	g, err := Look(content)
	if err != nil {
		return nil, nil, err
	}
	i := &Import{
		CreatedBy: who.UserID, FileID: f.ID, FileHash: f.Hash, FileName: f.Name, Size: f.Size, State: Draft,
		Encoding: g.Encoding, Separator: g.Separator, Header: g.Header, Columns: g.Columns,
	}
	if i.Total, err = count(ctx, content, i); err != nil {
		return nil, nil, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) (err error) {
		i.CreatedAt = t.Now()
		i.ID, err = s.Store.InsertImport(t, i)
		return err
	})
	return i, g.Sample, err
}

// count counts the rows of a file that aren't empty.
func count(ctx context.Context, content io.ReadSeeker, i *Import) (rows int64, err error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	table := NewTable(content, i.Separator, i.Encoding, 0)
	for n := 0; ; n++ {
		cells, wrong, err := table.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, err
		}
		if (n > 0 || !i.Header) && (wrong != "" || !blank(cells)) {
			rows++
		}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return s != "" })
}

// Sample shows the first rows of an import's file as they would be read with a separator and an encoding.
func (s *Service) Sample(ctx context.Context, i *Import, separator, encoding string) ([][]string, error) {
	content, err := s.Contents.Open(ctx, i.FileHash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }()
	return firstRows(content, separator, encoding), nil
}

// Start says how a file is to be read, or nothing (nil) to go on with one that was stopped.
type Start struct {
	KeyID     int64
	Source    string
	Encoding  string
	Separator string
	Header    bool
	Columns   []string
}

// jobKind is the job that lets rows of an import in; its key is the import's number.
const jobKind = "import"

// Start begins an import, or goes on with a stopped one.
func (s *Service) Start(ctx context.Context, who access.Who, id int64, how *Start) (i *Import, err error) {
	if err := s.mayTouch(ctx, who, id); err != nil {
		return nil, err
	}
	begun, err := s.begun(ctx, id, how)
	if err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if i, err = s.Store.Import(t, id); err != nil {
			return err
		}
		switch i.State {
		case Running:
			return nil
		case Draft:
			if how == nil {
				return fault.In("columns", "required")
			}
			begun.apply(i)
			if err := s.check(t, who, i); err != nil {
				return err
			}
			i.StartedAt = t.Now()
		case Stopped:
		default:
			return fault.New(fault.Conflict, "import.over")
		}
		i.State = Running
		if err := s.Store.SaveImport(t, i); err != nil {
			return err
		}
		return s.next(t, id)
	})
	return i, err
}

// beginning is what is known of a file once it is said how to read it.
type beginning struct {
	Start
	heads []string
	total int64
}

// begun reads a file as it is to be read, before any transaction.
func (s *Service) begun(ctx context.Context, id int64, how *Start) (b beginning, err error) {
	if how == nil {
		return b, nil
	}
	i, err := s.Reader.ImportOf(ctx, id)
	if err != nil || i.State != Draft {
		return b, err
	}
	b.Start = *how
	var wrong *fault.Error
	if !slices.Contains(separators, b.Separator) {
		wrong = wrong.With("separator", "import.bad_separator")
	}
	if b.Encoding != UTF8 && b.Encoding != Windows {
		wrong = wrong.With("encoding", "import.unknown_encoding")
	}
	if err := wrong.OrNil(); err != nil {
		return b, err
	}
	i.Separator, i.Encoding, i.Header = b.Separator, b.Encoding, b.Header
	content, err := s.Contents.Open(ctx, i.FileHash)
	if err != nil {
		return b, err
	}
	defer func() { _ = content.Close() }()
	if b.total, err = count(ctx, content, i); err != nil {
		return b, err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil || !b.Header {
		return b, err
	}
	b.heads, _, err = NewTable(content, b.Separator, b.Encoding, 0).Next()
	return b, err
}

func (b beginning) apply(i *Import) {
	i.KeyID, i.Source, i.Encoding, i.Separator, i.Header = b.KeyID, b.Source, b.Encoding, b.Separator, b.Header
	i.Columns, i.Heads, i.Total = b.Columns, b.heads, b.total
}

// check tells what is wrong with an import before it begins. The rows come in by a door, as requests do, and not by the rights of
// whoever brings them; but he can't fill in fields that are hidden from him, nor those he may only read.
func (s *Service) check(t tx.Tx, who access.Who, i *Import) error {
	c, err := s.Catalogs.Catalog(t)
	if err != nil {
		return err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	main := "lead"
	if org.Portal.Simple {
		main = "deal"
	}
	mine := c.For(who)
	var wrong *fault.Error
	known := false
	for n, target := range i.Columns {
		switch f := fieldOf(mine, main, target); {
		case !possible(mine, target) || names[target] != nil && !client.Shows(mine, main, target):
			wrong = wrong.With("columns/"+strconv.Itoa(n), "import.no_such_field")
		case f != nil && f.ReadOnly && c.Type(main).Field(f.Code) != f:
			wrong = wrong.With("columns/"+strconv.Itoa(n), "record.read_only")
		}
		known = known || slices.Contains([]string{"name", "phone", "email", "company", "title", "comment"}, target)
	}
	if !known || len(i.Columns) > MaxColumns {
		wrong = wrong.With("columns", "import.no_client")
	}
	if f := c.Type("lead").Field("source"); i.Source != "" && (f == nil || f.Value(i.Source) == nil) {
		wrong = wrong.With("source", "intake.bad_source")
	}
	if i.KeyID == 0 || !who.Runs(access.Forms) { // whoever doesn't run the forms has no choice of doors
		if i.KeyID, err = s.Store.ImportDoor(t); err != nil {
			return err
		}
	}
	k, err := s.Store.KeyByID(t, i.KeyID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && k.RemovedAt != 0:
		wrong = wrong.With("key", "intake.no_such_key")
	case err != nil:
		return err
	}
	return wrong.OrNil()
}

// fieldOf is the field a column goes to, of the records that are made or of the cards of their clients; nil for what is none.
func fieldOf(c *schema.Catalog, main, target string) *schema.Field {
	typ, code, ok := strings.Cut(target, ".")
	if !ok {
		typ, code = main, client.Becomes(target)
	}
	if t := c.Type(typ); t != nil {
		return t.Field(code)
	}
	return nil
}

// possible tells whether a column can be that.
func possible(c *schema.Catalog, target string) bool {
	if target == Ignored || target == Kept || names[target] != nil {
		return true
	}
	code, field, ok := strings.Cut(target, ".")
	if !ok {
		return c.Type("lead").Field(target) != nil || c.Type("deal").Field(target) != nil
	}
	typ := c.Type(code)
	return (code == "contact" || code == "company") && typ != nil && typ.Field(field) != nil
}

// Stop halts an import; what has come in stays.
func (s *Service) Stop(ctx context.Context, who access.Who, id int64) (i *Import, err error) {
	if err := s.mayTouch(ctx, who, id); err != nil {
		return nil, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if i, err = s.Store.Import(t, id); err != nil || i.State != Running {
			return err
		}
		i.State = Stopped
		if err := s.Store.SaveImport(t, i); err != nil {
			return err
		}
		return t.Cancel(jobKind, strconv.FormatInt(id, 10))
	})
	return i, err
}

func (s *Service) next(t tx.Tx, id int64) error {
	return t.Schedule(job.Job{Kind: jobKind, Key: strconv.FormatInt(id, 10), DueAt: t.Now()})
}
