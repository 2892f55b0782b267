package schema

// Kinds of a stage: what lying on it means for a record.
const (
	Open    = "open"
	Waiting = "waiting" // not in our hands now; sorted out of the work list
	Won     = "won"
	Lost    = "lost" // wants a reason
)

// Pipeline is an ordered set of stages for records of one type.
type Pipeline struct {
	ID               int64
	TypeID           int64
	Code             string
	TitleRU, TitleEN string
	Sort             int64
	Removed          bool
	Stages           []*Stage // in order, without removed ones
}

// Title is the pipeline's title in a language.
func (p *Pipeline) Title(lang string) string { return inLang(lang, p.TitleRU, p.TitleEN) }

// Stage finds a stage by its code; nil when there is none.
func (p *Pipeline) Stage(code string) *Stage {
	for _, s := range p.Stages {
		if s.Code == code {
			return s
		}
	}
	return nil
}

// First is the stage new records come to: the first open one. It is nil for a pipeline without stages.
func (p *Pipeline) First() *Stage {
	for _, s := range p.Stages {
		if s.Kind == Open {
			return s
		}
	}
	if len(p.Stages) > 0 {
		return p.Stages[0]
	}
	return nil
}

// Stage is a place in a pipeline.
type Stage struct {
	ID               int64
	PipelineID       int64
	Code             string
	TitleRU, TitleEN string
	Kind             string // Open, Waiting, Won, Lost
	Color            int64  // number of a stage colour, 1…10
	Sort             int64
	LimitSeconds     int64 // working time a record may stay; 0 = no limit
	Goal             string
	BusinessRole     string
	Task             string
	Product          string
	Instruction      string
	Removed          bool
}

// Title is the stage's title in a language.
func (s *Stage) Title(lang string) string { return inLang(lang, s.TitleRU, s.TitleEN) }

// Closed tells whether a record on the stage is finished.
func (s *Stage) Closed() bool { return s.Kind == Won || s.Kind == Lost }

// LostReason is why a record was lost.
type LostReason struct {
	ID               int64
	TypeID           int64
	Code             string
	TitleRU, TitleEN string
	Sort             int64
	Removed          bool
}

// Title is the reason's title in a language.
func (r *LostReason) Title(lang string) string { return inLang(lang, r.TitleRU, r.TitleEN) }
