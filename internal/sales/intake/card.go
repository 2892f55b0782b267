package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// create makes the record with the other fields of the request that its type has.
func (w *work) create(typ *schema.Type, v record.Values) (int64, error) {
	return w.insist(typ, v, append(w.more(typ, w.payload.More, v), "amount", "referrer", "source"))
}

// more adds to the values of a record what else the request says about it, and names what it added.
func (w *work) more(typ *schema.Type, said map[string]any, v record.Values) (added []string) {
	for name, value := range said {
		f := typ.Field(name)
		if f == nil || f.ReadOnly || f.System || v[name] != nil || f.Kind == schema.File || f.Kind == schema.User || f.Kind == schema.Link || f.Kind == schema.Links {
			continue
		}
		v[name] = value
		added = append(added, name)
	}
	return added
}

// insist makes a record. Those of the optional values that are refused, and any that another record has alone, go into the
// comment: a mistake of the sender's must not cost a client, and what we know of others is not told at the door.
func (w *work) insist(typ *schema.Type, v record.Values, optional []string) (int64, error) {
	for {
		id, err := w.Records.Create(w.t, access.System(), typ.Code, v)
		refused := refused(err, optional)
		if len(refused) == 0 {
			return id, err
		}
		for _, name := range refused {
			if name == "title" {
				v["title"] = fmt.Sprintf("%v (%d)", v["title"], w.request.ID)
				continue
			}
			comment, _ := v["comment"].(string)
			w.put(typ, v, "comment", strings.TrimSpace(comment+"\n"+name+": "+clean(said(v[name]), maxLine)))
			delete(v, name)
			optional = slices.DeleteFunc(optional, func(s string) bool { return s == name })
		}
	}
}

// said is a value as the comment shows it.
func said(value any) string {
	list, ok := value.([]any)
	if !ok {
		return fmt.Sprint(value)
	}
	words := make([]string, len(list))
	for i, each := range list {
		words[i] = fmt.Sprint(each)
	}
	return strings.Join(words, ", ")
}

// company makes the card of the company a form asked about, for a client who has none yet, and links it to the record to
// be and to the contact.
func (w *work) company(v record.Values, responsible int64, offered bool) error {
	said, typ := w.payload.Of["company"], w.cat.Type("company")
	if len(said) == 0 || typ == nil || v["company"] != nil {
		return nil
	}
	contact := w.cat.Type("contact").Field("company")
	if w.client.Type == "contact" && contact != nil {
		state, err := w.Records.Load(w.t, access.System(), w.client)
		if err != nil {
			return err
		}
		if known := state.Get(contact); known.Set {
			v["company"] = known.Int
			return nil
		}
	}
	card := record.Values{"title": w.companyTitle(said)}
	if !offered && responsible != 0 {
		card["responsible"] = responsible
	}
	said = maps.Clone(said)
	delete(said, "title")
	id, err := w.insist(typ, card, w.more(typ, said, card))
	if err != nil {
		return fmt.Errorf("company of a request: %w", err)
	}
	v["company"] = id
	if w.client.Type != "contact" || contact == nil {
		return nil
	}
	_, err = w.Records.Update(w.t, access.System(), ref.Ref{Type: "contact", ID: w.client.ID}, record.Values{"company": id}, 0)
	return err
}

// companyTitle is what the company is called as far as anybody said.
func (w *work) companyTitle(said map[string]any) string {
	title, _ := said["title"].(string)
	for _, s := range []string{w.payload.Company, title, w.title()} {
		if s != "" {
			return s
		}
	}
	return w.key.Title
}
