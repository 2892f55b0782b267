package form

import (
	"errors"
	"net/url"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// Check refuses what a visitor has forgotten or mistyped; the paths are names of fields. What doesn't show isn't asked.
func (f *Form) Check(values url.Values) error {
	var wrong *fault.Error
	shown := f.Visible(values)
	ways, answerable := false, false
	for i, field := range f.Items {
		if !shown[i] {
			continue
		}
		if field.Name == "phone" || field.Name == "email" {
			ways, answerable = true, answerable || strings.TrimSpace(values.Get(field.Name)) != ""
		}
		wrong = f.checkField(field, values[field.Name], wrong)
	}
	if wrong == nil && ways && !answerable {
		wrong = wrong.With("phone", "form.phone_or_email")
	}
	if f.Consent != nil && f.Consent.Required && values.Get(AgreedField) == "" {
		wrong = wrong.With(AgreedField, "form.consent_wanted")
	}
	return wrong.OrNil()
}

func (f *Form) checkField(field Field, given []string, wrong *fault.Error) *fault.Error {
	size, v := 0, ""
	for _, one := range given {
		size += len(one)
		if v == "" {
			v = strings.TrimSpace(one)
		}
	}
	switch {
	case size > MaxValue:
		return wrong.With(field.Name, "form.too_long")
	case v == "" && field.Required:
		return wrong.With(field.Name, "required")
	case v == "":
		return wrong
	case field.Kind == schema.Phone:
		if normal, ok := schema.NormalPhone(v, f.region()); !ok || len(normal) < 6 {
			return wrong.With(field.Name, "form.bad_phone")
		}
	case field.Kind == schema.Email:
		if _, _, ok := schema.NormalEmail(v); !ok {
			return wrong.With(field.Name, "form.bad_email")
		}
	case field.Of != nil:
		return f.parse(field, given, wrong)
	}
	return wrong
}

// parse asks the record's own rules.
func (f *Form) parse(field Field, given []string, wrong *fault.Error) *fault.Error {
	var v any = plain(field.Kind, given[0])
	switch field.Kind {
	case schema.MultiList:
		var list []any
		for _, one := range given {
			if one != "" {
				list = append(list, one)
			}
		}
		v = list
	case schema.Bool:
		return wrong // a box is ticked or not
	}
	_, err := f.catalog.Parse(field.Name, field.Of, v, f.catalog.Portal)
	var bad *fault.Error
	if !errors.As(err, &bad) {
		return wrong
	}
	for _, one := range bad.Fields {
		return wrong.With(field.Name, one.Key, one.Args)
	}
	return wrong.With(field.Name, bad.Key, bad.Args)
}

func (f *Form) region() string {
	if f.catalog == nil || f.catalog.Portal.Region == "" {
		return "RU"
	}
	return f.catalog.Portal.Region
}

// CheckOptions refuses a form nobody could fill in. The paths are those of the options.
func (o Options) CheckOptions(c *schema.Catalog, main string) *fault.Error {
	var wrong *fault.Error
	wrong = o.checkItems(c, main, wrong)
	wrong = o.checkWords(wrong)
	wrong = o.Look.check(wrong)
	if o.Consent != nil {
		wrong = o.Consent.check(wrong)
	}
	if o.Work < -1 || o.Work > MaxBits {
		wrong = wrong.With("form/work", "form.bad_work", fault.Args{"max": MaxBits})
	}
	if o.NoScript != "" && o.NoScript != Hold && o.NoScript != Accept {
		wrong = wrong.With("form/no_script", "form.bad_no_script")
	}
	return wrong
}
