package intake

import (
	"encoding/json"
	"fmt"
	"slices"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
)

// work is one request on its way through.
type work struct {
	*Service
	t       tx.Tx
	key     *Key
	payload *Payload
	cat     *schema.Catalog
	org     *directory.Directory
	request Request
	by      int64        // the person who let it in after a look, 0: nobody had to
	keys    []client.Key // of the phones and e-mails that recognise somebody
	client  ref.Ref      // contact, company or lead they lead to
	firm    int64        // the company the sender is of, told by tax number, mail domain or name; 0 when it isn't known
}

func (w *work) accept() (Answer, error) {
	if err := w.recognise(); err != nil {
		return Answer{}, err
	}
	if err := w.recogniseFirm(); err != nil {
		return Answer{}, err
	}
	open, err := w.open()
	if err != nil {
		return Answer{}, err
	}
	if !open.Zero() {
		return w.repeat(open)
	}
	return w.begin()
}

// recognise claims the keys in the payload and finds whose they are: contact before company before lead. From now on
// nobody else can make a client of them.
func (w *work) recognise() error {
	region := w.org.Portal.Region
	for _, phone := range w.payload.Phones {
		if key, ok := client.PhoneKey(phone, region); ok {
			w.keys = append(w.keys, key)
		}
	}
	for _, email := range w.payload.Emails {
		if key, ok := client.EmailKey(email); ok {
			w.keys = append(w.keys, key)
		}
	}
	slices.Sort(w.keys)
	w.keys = slices.Compact(w.keys)
	holders, err := w.Clients.Claim(w.t, w.keys)
	if err != nil {
		return err
	}
	slices.Reverse(holders) // phones say more than e-mails
	for _, code := range client.Types {
		for _, holder := range holders {
			if holder.Type == code {
				w.client = holder
				return nil
			}
		}
	}
	return nil
}

// open is the client's deal or lead that is being worked on, zero when there is none.
func (w *work) open() (ref.Ref, error) {
	switch w.client.Type {
	case "":
		return ref.Ref{}, nil
	case "lead":
		state, err := w.Records.Load(w.t, access.System(), w.client)
		if fault.Is(err, fault.NotFound) || err == nil && state.ClosedAt != 0 {
			return ref.Ref{}, nil
		}
		return w.client, err
	}
	for _, code := range []string{"deal", "lead"} {
		typ := w.cat.Type(code)
		if typ == nil {
			continue
		}
		id, err := w.Store.OpenFor(w.t, typ, w.client)
		if err != nil || id != 0 {
			return ref.Ref{Type: code, ID: id}, err
		}
	}
	return ref.Ref{}, nil
}

// repeat adds a request to what is open: its responsible hears of it, a record that waited is worked on again.
func (w *work) repeat(r ref.Ref) (Answer, error) {
	state, err := w.Records.Load(w.t, access.System(), r)
	if err != nil {
		return Answer{}, err
	}
	if w.request.RepeatOf, err = w.Store.FirstOf(w.t, r); err != nil {
		return Answer{}, err
	}
	if err := w.attach(r, JournalRepeat); err != nil {
		return Answer{}, err
	}
	if err := w.enrich(); err != nil {
		return Answer{}, err
	}
	if err := w.wake(r, state); err != nil {
		return Answer{}, err
	}
	a := Answer{Request: w.request.ID, Record: r, Client: w.client, Repeat: true}
	responsible := state.ResponsibleID
	if _, works := w.org.Who(responsible); !works {
		var found bool
		if a.Offer, found, err = w.offerAgain(r, state); err != nil || found {
			return a, err
		}
		if responsible, err = w.takeOver(r, state); err != nil {
			return a, err
		}
	}
	if err := w.again(r, responsible); err != nil {
		return Answer{}, err
	}
	data, err := json.Marshal(map[string]any{"request": w.request.ID})
	if err != nil {
		return Answer{}, fmt.Errorf("intake: %w", err)
	}
	told := []int64{responsible}
	if responsible == 0 {
		told = w.admins()
	}
	return a, w.t.Emit(event.Event{Type: EventRepeated, Ref: r, Users: told, Data: data})
}

// takeOver gives a record whose responsible works here no more to the person of the door, else to the head over who left, else to an
// administrator: somebody hears that the client has asked again. A record that never was anybody's stays so.
func (w *work) takeOver(r ref.Ref, state *record.State) (int64, error) {
	next := w.key.ResponsibleID
	if _, works := w.org.Who(next); !works {
		next = w.org.HeadAbove(state.ResponsibleID)
	}
	if admins := w.admins(); next == 0 && state.ResponsibleID != 0 && len(admins) > 0 {
		next = admins[0]
	}
	if next == state.ResponsibleID {
		return next, nil
	}
	_, err := w.Records.Update(w.t, access.System(), r, record.Values{"responsible": next}, 0)
	return next, err
}

// admins are the administrators who work here.
func (w *work) admins() []int64 {
	var out []int64
	for _, u := range w.org.Users() {
		if u.Active && u.Role == access.Admin {
			out = append(out, u.ID)
		}
	}
	return out
}

// wake brings a record from a waiting stage back to where it was worked on last.
func (w *work) wake(r ref.Ref, state *record.State) error {
	stage := w.cat.StageByID(state.StageID)
	if stage == nil || stage.Kind != schema.Waiting {
		return nil
	}
	id, err := w.Store.LastOpenStage(w.t, r)
	if err != nil {
		return err
	}
	to := w.cat.StageByID(id)
	if to == nil || to.Removed || to.PipelineID != stage.PipelineID {
		to = w.cat.PipelineByID(stage.PipelineID).First()
	}
	_, err = w.Records.Update(w.t, access.System(), r, record.Values{"stage": to.Code}, 0)
	return err
}

// enrich adds phones and e-mails we didn't know to the client's card.
func (w *work) enrich() error {
	if w.client.Type != "contact" {
		return nil
	}
	typ := w.cat.Type("contact")
	state, err := w.Records.Load(w.t, access.System(), w.client)
	if err != nil {
		return err
	}
	had := client.KeysOf(typ, state.Get)
	v := record.Values{}
	add := func(field, value string, key client.Key, ok bool) {
		f := typ.Field(field)
		if !ok || f == nil || slices.Contains(had, key) {
			return
		}
		list, begun := v[field].([]any)
		if !begun {
			for _, item := range state.Get(f).Many {
				list = append(list, map[string]any{"value": item.Value, "kind": item.Kind})
			}
		}
		had = append(had, key)
		v[field] = append(list, value)
	}
	for _, phone := range w.payload.Phones {
		key, ok := client.PhoneKey(phone, w.org.Portal.Region)
		add("phones", phone, key, ok)
	}
	for _, email := range w.payload.Emails {
		key, ok := client.EmailKey(email)
		add("emails", email, key, ok)
	}
	if len(v) == 0 {
		return nil
	}
	_, err = w.Records.Update(w.t, access.System(), w.client, v, 0)
	return err
}

// attach notes what the request became and tells the record's journal.
func (w *work) attach(r ref.Ref, kind string) error {
	w.request.Record = r
	if err := w.Store.Attach(w.t, &w.request); err != nil {
		return err
	}
	about := map[string]any{"id": w.request.ID, "channel": w.request.Channel}
	for name, text := range map[string]string{"source": w.request.Source, "text": w.payload.Comment} {
		if text != "" {
			about[name] = text
		}
	}
	if w.request.Attribution != nil {
		about["attribution"] = w.request.Attribution
	}
	if w.by != 0 {
		about["accepted_by"] = w.by
	}
	if w.request.ConsentID != 0 {
		about["consent"] = w.request.ConsentID
	}
	err := w.Journal.Write(w.t, journal.Entry{Type: r.Type, RecordID: r.ID, Kind: kind, Diff: map[string]any{"request": about}})
	return err
}

// came tells everybody who wants to know that a request was let in.
func (w *work) came(a Answer) error {
	data, err := json.Marshal(map[string]any{"request": a.Request, "key": w.key.ID, "repeat": a.Repeat})
	if err != nil {
		return fmt.Errorf("intake: %w", err)
	}
	return w.t.Emit(event.Event{Type: EventCame, Ref: a.Record, Data: data})
}
