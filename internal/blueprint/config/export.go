package config

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"voronka/internal/expr"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// Export is the portal as a document. Only administrators may.
func (s *Service) Export(ctx context.Context, who access.Who) (doc *Document, err error) {
	if !who.IsAdmin() {
		return nil, fault.New(fault.Forbidden, "org.admin_only")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		doc, err = s.ExportIn(t)
		return err
	})
	return doc, err
}

// ExportIn is the portal as the transaction sees it.
func (s *Service) ExportIn(t tx.Tx) (*Document, error) {
	n, err := s.names(t)
	if err != nil {
		return nil, err
	}
	doc := &Document{Voronka: Version}
	if doc.Portal, err = n.portal(); err != nil {
		return nil, err
	}
	for _, typ := range n.catalog.Types {
		one, err := n.typ(typ)
		if err != nil {
			return nil, err
		}
		doc.Types = append(doc.Types, one)
	}
	if err := s.exportSales(t, n, doc); err != nil {
		return nil, err
	}
	return doc, nil
}

func (s *Service) names(t tx.Tx) (n names, err error) {
	if n.catalog, err = s.Types.Store.Catalog(t); err != nil {
		return n, err
	}
	n.org, err = s.Org.In(t)
	return n, err
}

func (s *Service) exportSales(t tx.Tx, n names, doc *Document) error {
	drums, err := s.Lists.DrumsIn(t)
	if err != nil {
		return err
	}
	codes := map[int64]string{}
	for _, d := range drums {
		codes[d.ID] = d.Code
		one, err := n.drum(d)
		if err != nil {
			return err
		}
		doc.Drums = append(doc.Drums, one)
	}
	doors, err := s.Lists.KeysIn(t)
	if err != nil {
		return err
	}
	for _, k := range doors {
		one, err := n.form(k, codes)
		if err != nil {
			return err
		}
		doc.Forms = append(doc.Forms, one)
	}
	rules, err := s.Routing.Store.Rules(t)
	if err != nil {
		return err
	}
	for _, r := range rules.List {
		if r.ID == 0 { // as every portal has it
			continue
		}
		one, err := n.rule(r, codes)
		if err != nil {
			return err
		}
		doc.Rules = append(doc.Rules, one)
	}
	return nil
}

func (n names) portal() (*Portal, error) {
	p := n.org.Portal
	hours, err := hoursOf(n.org.WorkTime)
	return &Portal{Language: p.Lang, Zone: p.Zone, Currency: p.Currency, Region: p.Region, Simple: &p.Simple, Hours: hours}, err
}

func (n names) typ(typ *schema.Type) (Type, error) {
	out := Type{Code: typ.Code, Title: Text{typ.TitleRU, typ.TitleEN}, Plural: Text{typ.PluralRU, typ.PluralEN}, Staged: typ.Staged}
	usual := builtins(typ.Code)
	for _, f := range typ.Fields {
		if f.Builtin && len(f.Values) == 0 && !changed(f, usual[f.Code]) {
			continue
		}
		one, err := field(f)
		if err != nil {
			return out, err
		}
		out.Fields = append(out.Fields, one)
	}
	for _, p := range n.catalog.Pipelines(typ.Code) {
		line := Pipeline{Code: p.Code, Title: Text{p.TitleRU, p.TitleEN}}
		for _, s := range p.Stages {
			line.Stages = append(line.Stages, Stage{
				Code: s.Code, Title: Text{s.TitleRU, s.TitleEN}, Kind: s.Kind, Color: s.Color, Limit: Span(s.LimitSeconds * 1e9),
				Goal: Both(s.Goal), Role: Both(s.BusinessRole), Task: Both(s.Task), Product: Both(s.Product), Instruction: Both(s.Instruction),
			})
		}
		out.Pipelines = append(out.Pipelines, line)
	}
	for _, r := range n.catalog.LostReasons(typ.Code) {
		out.Reasons = append(out.Reasons, Reason{Code: r.Code, Title: Text{r.TitleRU, r.TitleEN}})
	}
	return out, nil
}

// builtins are the fields a type has from the beginning.
func builtins(typeCode string) map[string]schema.Field {
	out := map[string]schema.Field{}
	for _, b := range schema.Builtins() {
		if b.Type.Code == typeCode {
			for _, f := range b.Fields {
				out[f.Code] = f
			}
		}
	}
	if len(out) == 0 {
		out["amount"] = schema.AmountField()
	}
	return out
}

func changed(f *schema.Field, usual schema.Field) bool {
	return f.TitleRU != usual.TitleRU || f.TitleEN != usual.TitleEN || f.Required != usual.Required || f.Unique != usual.Unique ||
		f.Personal != usual.Personal || (f.Indexed || f.Indexing) != usual.Indexed || f.Default != usual.Default
}

func field(f *schema.Field) (Field, error) {
	out := Field{
		Code: f.Code, Kind: string(f.Kind), Title: Text{f.TitleRU, f.TitleEN}, Required: f.Required, Unique: f.Unique, Personal: f.Personal,
		Indexed: f.Indexed || f.Indexing, Scale: f.Scale, Link: f.LinkType,
	}
	if f.Default != "" {
		if err := json.Unmarshal([]byte(f.Default), &out.Default); err != nil {
			return out, fmt.Errorf("default of %s: %w", f.Code, err)
		}
	}
	for _, v := range f.Values {
		out.Values = append(out.Values, Value{Code: v.Code, Title: Text{v.TitleRU, v.TitleEN}, Color: v.Color})
	}
	return out, nil
}

func (n names) drum(d *drum.Drum) (Drum, error) {
	p := d.Policy.Filled()
	hours, err := hoursOf(p.Schedule)
	out := Drum{
		Code: d.Code, Title: Both(d.Title), Take: Span(d.Take), Misses: d.MissesToHead, Head: n.email(d.HeadID), TakeStage: n.stagePath0(d.TakeStageID),
		Who: p.Who, Department: n.path(p.DepartmentID), Order: p.Order, Cap: p.Cap, Former: p.Former, Taken: slices.Clone(p.Taken), HeadBecomes: p.Head,
		Clock: p.Hours, Hours: hours, NeedDay: p.NeedDay, Stopped: p.Stopped,
	}
	for _, s := range p.Sources {
		out.Sources = append(out.Sources, Portion(s))
	}
	for _, m := range d.Members {
		if email := n.email(m.UserID); email != "" {
			out.Members = append(out.Members, Member{Person: email, Weight: m.Weight, Cap: m.Cap, Passed: !m.Active})
		}
	}
	return out, err
}

func (n names) stagePath0(id int64) string {
	if id == 0 {
		return ""
	}
	return n.stagePath(id)
}

func (n names) form(k *intake.Key, drums map[int64]string) (Form, error) {
	out := Form{
		Code: k.Code, Title: Both(k.Title), Channel: k.Channel, Source: k.Source, Drum: drums[k.DrumID], Responsible: n.email(k.ResponsibleID),
		Language: k.Lang, Closed: !k.Active,
	}
	if k.PipelineID != 0 {
		out.Pipeline = n.pipelinePath(k.PipelineID)
	}
	options := k.Form
	options.Secret = ""
	b, err := json.Marshal(options)
	if err != nil {
		return out, err
	}
	err = json.Unmarshal(b, &out.Form)
	return out, err
}

func (n names) rule(r routing.Rule, drums map[int64]string) (Rule, error) {
	out := Rule{Code: r.Code, Title: Both(r.Title), Off: !r.Active}
	switch r.Target.Kind {
	case routing.ToPerson:
		out.To.Person = n.email(r.Target.ID)
	case routing.ToDrum:
		out.To.Drum = drums[r.Target.ID]
	case routing.ToDepartment:
		out.To.Department, out.To.Way = n.path(r.Target.ID), r.Target.Way
	}
	if r.Fallback {
		return out, nil
	}
	tree, err := expr.ParseJSON(r.When, routing.Scheme(n.catalog))
	if err != nil { // it names what isn't there any more: kept as it is, to be mended by hand
		out.When, out.Off = string(r.When), true
		return out, nil
	}
	out.When = tree.String()
	return out, nil
}
