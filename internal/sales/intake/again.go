package intake

import (
	"fmt"
	"time"

	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

// answerIn is how soon a client who asks again wants to be answered.
const answerIn = time.Hour

// kinds are the activities by which a client is answered on the channel he came by.
var kinds = map[string]string{"email": "letter", "chat": "message"}

// again plans an activity for who answers for the record: the client has asked again.
func (w *work) again(r ref.Ref, responsible int64) error {
	typ := w.cat.Type(activity.Type)
	if typ == nil {
		return nil
	}
	kind := kinds[w.request.Channel]
	if kind == "" {
		kind = "call"
	}
	v := record.Values{
		"title": w.key.Title, activity.Kind: kind, activity.About: []any{map[string]any{"type": r.Type, "id": r.ID}},
		activity.DueAt: w.t.Now().Add(answerIn).Time().Format(time.RFC3339),
	}
	if responsible != 0 {
		v["responsible"] = responsible
	}
	w.put(typ, v, "text", w.payload.Comment)
	if _, err := w.Records.Create(w.t, access.System(), typ.Code, v); err != nil {
		return fmt.Errorf("activity of a request: %w", err)
	}
	return nil
}
