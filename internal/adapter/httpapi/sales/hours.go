package salesapi

import (
	"encoding/json"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/worktime"
)

// ownHours are a drum's hours as the API shows them, nil for none.
func ownHours(s *worktime.Schedule) *OwnHours {
	if s == nil {
		return nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	var out OwnHours
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return &out
}

// schedule reads hours; nil when nothing is said, the zero Schedule when the drum shall have none of its own.
func (h *OwnHours) schedule(zone string) (*worktime.Schedule, error) {
	if h == nil {
		return nil, nil
	}
	if len(h.Week) == 0 && len(h.Dates) == 0 {
		return &worktime.Schedule{}, nil
	}
	in := *h
	if in.Zone == "" {
		in.Zone = zone
	}
	b, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var s worktime.Schedule
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, &fault.Error{Code: fault.Invalid, Key: "invalid", Err: err, Fields: []fault.Field{{Path: "schedule", Key: "drum.bad_schedule"}}}
	}
	return &s, nil
}
