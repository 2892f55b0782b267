package imports

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/intake"
)

// slice is how many rows come in together: others write in between.
const slice = 20

// Job lets rows in, a slice a transaction. How far it is is written together with the rows, so a restart repeats nothing.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: jobKind, Run: func(x any, j job.Job) error {
		id, err := strconv.ParseInt(j.Key, 10, 64)
		if err != nil {
			return fmt.Errorf("imports: job of %q: %w", j.Key, err)
		}
		return s.run(x.(tx.Tx), id)
	}}
}

func (s *Service) run(t tx.Tx, id int64) error {
	i, err := s.Store.Import(t, id)
	if fault.Is(err, fault.NotFound) || err == nil && i.State != Running {
		return nil
	}
	if err != nil {
		return err
	}
	content, err := s.Contents.Open(t.Context(), i.FileHash)
	if fault.Is(err, fault.NotFound) {
		i.State, i.FinishedAt = Failed, t.Now()
		return s.Store.SaveImport(t, i)
	}
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	if _, err := content.Seek(i.Offset, io.SeekStart); err != nil {
		return err
	}
	over, err := s.rows(t, i, NewTable(content, i.Separator, i.Encoding, i.Offset))
	if err != nil {
		return err
	}
	if over {
		i.State, i.FinishedAt = Done, t.Now()
	}
	if err := s.Store.SaveImport(t, i); err != nil || over {
		return err
	}
	return s.next(t, id)
}

// rows lets a slice in; over says that the file is at its end.
func (s *Service) rows(t tx.Tx, i *Import, table *Table) (over bool, err error) {
	org, err := s.Org.In(t)
	if err != nil {
		return false, err
	}
	k, err := s.Store.KeyByID(t, i.KeyID)
	if err != nil {
		return false, err
	}
	form := form{columns: i.Columns, heads: i.Heads, source: i.Source, region: org.Portal.Region}
	for range slice {
		cells, wrong, err := table.Next()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		i.Row++
		i.Offset = table.At()
		if i.Row == 1 && i.Header {
			continue
		}
		if err := s.row(t, i, k, form, cells, wrong); err != nil {
			return false, err
		}
	}
	return false, nil
}

// row lets one row in, or keeps it with the reason why not.
func (s *Service) row(t tx.Tx, i *Import, k *intake.Key, form form, cells []string, wrong string) error {
	if wrong != "" {
		return s.broken(t, i, cells, fault.New(fault.Invalid, wrong))
	}
	p, err := form.request(cells)
	if err != nil {
		return s.broken(t, i, cells, err)
	}
	if p == nil {
		return nil
	}
	var a intake.Answer
	refused, err := s.Store.Apart(t, func() (err error) {
		a, err = s.Intake.AcceptRow(t, k, intake.Row{
			Payload: p, Name: fmt.Sprintf("import/%d/%d", i.ID, i.Row), Cause: event.Cause{Kind: "import", ID: i.ID, Title: i.FileName},
		})
		return err
	})
	switch {
	case err != nil:
		return err
	case fault.Is(refused, fault.Unavailable): // the whole slice another time
		return refused
	case refused != nil:
		return s.broken(t, i, cells, refused)
	case a.Repeat || a.Duplicate:
		i.Repeated++
	default:
		i.Added++
	}
	return nil
}

func (s *Service) broken(t tx.Tx, i *Import, cells []string, err error) error {
	i.Broken++
	b := Broken{Row: i.Row, Key: "import.row_failed", Cells: cells}
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.Internal {
		b.Key, b.Args = f.Key, f.Args
		if len(f.Fields) > 0 {
			b.Key, b.Args = f.Fields[0].Key, f.Fields[0].Args
		}
	}
	return s.Store.InsertBroken(t, i.ID, b)
}
