package pipeline

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Limits of what can be set up.
const (
	MaxTitle  = 120 // characters
	MaxText   = 4000
	MaxStages = 50
	MaxColor  = 10
	// MaxLimit is the longest time limit of a stage, in working seconds: about two years of working days.
	MaxLimit = 2 * 250 * 8 * 3600
)

// Store keeps pipelines, stages and reasons. Everything works inside the transaction given.
type Store interface {
	// Lock makes other changes of the schema wait until the transaction ends, and tells all nodes afterwards that there is
	// something new. Every use case here begins with it.
	Lock(t tx.Tx) error
	// Catalog is the schema as the transaction sees it.
	Catalog(t tx.Tx) (*schema.Catalog, error)
	// PipelineCodes, StageCodes and ReasonCodes are the codes in use, by removed ones too.
	PipelineCodes(t tx.Tx, typeID int64) (map[string]bool, error)
	StageCodes(t tx.Tx, pipelineID int64) (map[string]bool, error)
	ReasonCodes(t tx.Tx, typeID int64) (map[string]bool, error)
	// InsertPipeline writes the pipeline itself, without its stages, and gives its number.
	InsertPipeline(t tx.Tx, p *schema.Pipeline) (int64, error)
	SavePipeline(t tx.Tx, p *schema.Pipeline) error
	InsertStage(t tx.Tx, s *schema.Stage) (int64, error)
	SaveStage(t tx.Tx, s *schema.Stage) error
	// Held counts the records that lie on stages, and how many of them are in the bin.
	Held(t tx.Tx, typeID int64, stages []int64) (Held, error)
	// Some gives up to n records that lie on the stages, oldest first, with the smallest number above after.
	Some(t tx.Tx, typeID int64, stages []int64, after int64, n int) ([]ref.Ref, error)
	// MoveBin puts records in the bin from some stages to another one, a slice of them at a time.
	MoveBin(t tx.Tx, typeID int64, stages []int64, to *schema.Stage) error
	InsertReason(t tx.Tx, r *schema.LostReason) (int64, error)
	SaveReason(t tx.Tx, r *schema.LostReason) error
}

// Held is what lies on stages.
type Held struct {
	Records int64 `json:"records"`
	Bin     int64 `json:"bin"`
}

// Any tells whether something lies there.
func (h Held) Any() bool { return h.Records+h.Bin > 0 }

// Titles are the titles of something in both languages; one may be empty, then it is the other.
type Titles struct{ RU, EN string }

// Draft is a new pipeline. Without stages it gets the usual four.
type Draft struct {
	Type   string
	Code   string // "": made from the title
	Titles Titles
	Stages []StageDraft
}

// StageDraft is a new stage.
type StageDraft struct {
	Code         string // "": made from the title
	Titles       Titles
	Kind         string // schema.Open when empty
	Color        int64  // 0: chosen by kind and place
	LimitSeconds int64
	Goal         string
	BusinessRole string
	Task         string
	Product      string
	Instruction  string
}

// Patch is what shall change of a pipeline; nil leaves as it is.
type Patch struct {
	TitleRU, TitleEN *string
	// Before puts the pipeline before this one, 0 at the end.
	Before *int64
}

// Service are the use cases.
type Service struct {
	Tx    tx.Doer
	Store Store
}

// Create makes a pipeline with its stages.
func (s *Service) Create(ctx context.Context, who access.Who, d Draft) (id int64, err error) {
	if err := who.Must(access.Types); err != nil {
		return 0, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		id, err = s.CreateIn(t, d)
		return err
	})
	return id, err
}

// CreateIn makes a pipeline inside a transaction of somebody who may.
func (s *Service) CreateIn(t tx.Tx, d Draft) (int64, error) {
	if err := s.Store.Lock(t); err != nil {
		return 0, err
	}
	c, err := s.Store.Catalog(t)
	if err != nil {
		return 0, err
	}
	typ := c.Type(d.Type)
	if typ == nil || !typ.Staged {
		return 0, fault.In("type", "pipeline.type_has_none")
	}
	p := &schema.Pipeline{TypeID: typ.ID, Sort: last(c.Pipelines(typ.Code), func(p *schema.Pipeline) int64 { return p.Sort })}
	if p.TitleRU, p.TitleEN, err = CleanTitles(d.Titles); err != nil {
		return 0, err
	}
	codes, err := s.Store.PipelineCodes(t, typ.ID)
	if err != nil {
		return 0, err
	}
	if p.Code, err = NewCode(d.Code, d.Titles, "pipeline", codes); err != nil {
		return 0, err
	}
	if len(d.Stages) == 0 {
		d.Stages = usual()
	}
	stages, err := newStages(d.Stages)
	if err != nil {
		return 0, err
	}
	if p.ID, err = s.Store.InsertPipeline(t, p); err != nil {
		return 0, err
	}
	for _, stage := range stages {
		stage.PipelineID = p.ID
		if _, err := s.Store.InsertStage(t, stage); err != nil {
			return 0, err
		}
	}
	return p.ID, nil
}

// Change renames a pipeline or moves it to another place.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, patch Patch) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.Lock(t); err != nil {
			return err
		}
		c, err := s.Store.Catalog(t)
		if err != nil {
			return err
		}
		found, err := Find(c, id)
		if err != nil {
			return err
		}
		if err := MaySetUp(who, c, found); err != nil {
			return err
		}
		p := *found
		if p.TitleRU, p.TitleEN, err = CleanTitles(patched(p.TitleRU, p.TitleEN, patch.TitleRU, patch.TitleEN)); err != nil {
			return err
		}
		if err := s.Store.SavePipeline(t, &p); err != nil || patch.Before == nil {
			return err
		}
		return s.place(t, c, &p, *patch.Before)
	})
}

// place numbers the pipelines of a type anew with p before another one.
func (s *Service) place(t tx.Tx, c *schema.Catalog, p *schema.Pipeline, before int64) error {
	rest := slices.DeleteFunc(slices.Clone(c.Pipelines(c.TypeByID(p.TypeID).Code)), func(o *schema.Pipeline) bool { return o.ID == p.ID })
	at := len(rest)
	if before != 0 {
		if at = slices.IndexFunc(rest, func(o *schema.Pipeline) bool { return o.ID == before }); at < 0 {
			return fault.In("before", "pipeline.not_found")
		}
	}
	for i, o := range slices.Insert(rest, at, p) {
		moved := *o
		moved.Sort = int64(i+1) * 10
		if err := s.Store.SavePipeline(t, &moved); err != nil {
			return err
		}
	}
	return nil
}

// Find is a pipeline that is there, or NotFound.
func Find(c *schema.Catalog, id int64) (*schema.Pipeline, error) {
	p := c.PipelineByID(id)
	if p == nil || p.Removed {
		return nil, fault.New(fault.NotFound, "pipeline.not_found")
	}
	return p, nil
}

// MaySetUp lets those pass who may change the settings of a pipeline: its title, its place, its stages.
func MaySetUp(who access.Who, c *schema.Catalog, p *schema.Pipeline) error {
	typ := c.TypeByID(p.TypeID)
	if who.Runs(access.Types) || typ != nil && who.Plan(typ.Code, access.Settings).Sees(event.Access{PipelineID: p.ID, ResponsibleID: who.UserID}) {
		return nil
	}
	return fault.New(fault.Forbidden, "rights.area_types")
}

// CleanTitles brings titles into one line each; at least one is needed and serves for the other.
func CleanTitles(t Titles) (ru, en string, err error) {
	if ru, err = Line("title_ru", t.RU, MaxTitle); err != nil {
		return "", "", err
	}
	if en, err = Line("title_en", t.EN, MaxTitle); err != nil {
		return "", "", err
	}
	switch {
	case ru == "" && en == "":
		return "", "", fault.In("title", "required")
	case ru == "":
		ru = en
	case en == "":
		en = ru
	}
	return ru, en, nil
}

// Line brings a text into one line of at most max characters.
func Line(path, text string, max int) (string, error) {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) > max {
		return "", fault.In(path, "flow.too_long", fault.Args{"max": max})
	}
	return text, nil
}

// NewCode is the code of something new: the one wished when it is well formed, else one made from the title. One that is
// taken, maybe by something that was removed, gets a number at its end.
func NewCode(wished string, t Titles, fallback string, taken map[string]bool) (string, error) {
	if wished == "" {
		title := t.EN
		if title == "" {
			title = t.RU
		}
		return Code(title, fallback, taken), nil
	}
	if err := schema.CheckCode("code", wished); err != nil {
		return "", err
	}
	return Code(wished, fallback, taken), nil
}

func patched(ru, en string, newRU, newEN *string) Titles {
	if newRU != nil {
		ru = *newRU
	}
	if newEN != nil {
		en = *newEN
	}
	return Titles{ru, en}
}

func last[T any](list []T, sort func(T) int64) int64 {
	n := int64(0)
	for _, x := range list {
		n = max(n, sort(x))
	}
	return n + 10
}
