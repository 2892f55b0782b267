package imports

import (
	"net/url"
	"regexp"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/sales/client"
	"voronka/internal/sales/intake"
)

// form is how the rows of a file are understood.
type form struct {
	columns []string // what each is
	heads   []string // how each is called
	source  string   // of rows that don't say theirs
	region  string   // of phones without a country
}

// several are values of which one cell may hold more than one.
var several = regexp.MustCompile(`[,;\n]+`)

// request makes a request of a row; nil without an error when nothing is in it.
func (f form) request(cells []string) (*intake.Payload, error) {
	values := url.Values{}
	filled := false
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		filled = true
		if i >= len(f.columns) {
			return nil, fault.New(fault.Invalid, "import.too_wide", fault.Args{"columns": len(f.columns), "cells": len(cells)})
		}
		if err := f.put(values, i, cell); err != nil {
			return nil, err
		}
	}
	if !filled {
		return nil, nil
	}
	if f.source != "" && values.Get("source") == "" {
		values.Set("source", f.source)
	}
	p, err := intake.ParseForm(values)
	if err == nil && p.Empty() {
		err = fault.New(fault.Invalid, "import.nobody")
	}
	return p, err
}

// put adds a cell. What recognises a client and what is counted must be right: the row can be mended and brought again.
func (f form) put(values url.Values, i int, cell string) error {
	switch target := f.columns[i]; target {
	case Ignored:
	case Kept:
		values.Add(f.head(i), cell)
	case "phone":
		return f.each(values, i, cell, func(s string) bool { _, ok := client.PhoneKey(s, f.region); return ok }, "import.bad_phone")
	case "email":
		return f.each(values, i, cell, func(s string) bool { _, ok := client.EmailKey(s); return ok }, "import.bad_email")
	case "amount":
		n, ok := number(cell)
		if !ok {
			return f.wrong(i, cell, "import.bad_amount")
		}
		values.Set(target, n)
	case "name":
		join(values, target, cell, " ")
	case "comment":
		join(values, target, cell, "\n")
	default:
		join(values, target, cell, ", ")
	}
	return nil
}

func (f form) each(values url.Values, i int, cell string, good func(string) bool, key string) error {
	for _, one := range several.Split(cell, -1) {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if !good(one) {
			return f.wrong(i, one, key)
		}
		values.Add(f.columns[i], one)
	}
	return nil
}

func (f form) wrong(i int, cell, key string) error {
	return fault.New(fault.Invalid, key, fault.Args{"column": f.head(i), "value": short(cell)})
}

func (f form) head(i int) string {
	if i < len(f.heads) && f.heads[i] != "" {
		return f.heads[i]
	}
	return f.columns[i]
}

func join(values url.Values, target, cell, with string) {
	if had := values.Get(target); had != "" {
		cell = had + with + cell
	}
	values.Set(target, cell)
}

var amount = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,4})?$`)

// number reads "12 500,50 ₽" and "12,500.50".
func number(cell string) (string, bool) {
	s := strings.ToLower(cell)
	for _, sign := range []string{"руб.", "руб", "rub", "usd", "eur", "р.", "₽", "$", "€", " ", "\u00A0", "\u202F", "'"} {
		s = strings.ReplaceAll(s, sign, "")
	}
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case comma >= 0 && point > comma, comma >= 0 && strings.Count(s, ",") > 1:
		s = strings.ReplaceAll(s, ",", "")
	case comma >= 0:
		s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
	}
	return s, amount.MatchString(s)
}

// short is a text as a message can hold it.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
