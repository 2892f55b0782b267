package schema

import "voronka/internal/kernel/fault"

// MaxCode is how long a code may be.
const MaxCode = 40

// reserved are codes fields can't have: system fields, words of conditions and of the API.
var reserved = map[string]bool{
	"id": true, "type": true, "title": true, "title_key": true, "pipeline": true, "pipeline_id": true, "stage": true, "stage_id": true,
	"responsible": true, "responsible_id": true, "department": true, "department_id": true, "dept_pos": true, "created_at": true,
	"created_by": true, "updated_at": true, "version": true, "stage_entered_at": true, "closed_at": true, "lost_reason": true,
	"lost_reason_id": true, "next_at": true, "next_id": true, "next_title": true, "observers": true, "offer": true, "can": true,
	"and": true, "or": true, "not": true, "in": true, "between": true, "null": true, "true": true, "false": true, "me": true,
	"today": true, "now": true, "date": true, "time": true, "duration": true, "contains": true, "starts": true, "has": true, "is": true,
	"if": true, "then": true, "else": true, "for": true, "some": true, "every": true, "satisfies": true, "return": true, "function": true,
	"ids": true, "set": true, "filter": true, "delete": true,
}

// reservedTypes are codes types can't have: they are words in addresses.
var reservedTypes = map[string]bool{"bin": true, "external": true, "files": true, "file": true, "record": true, "records": true, "type": true, "types": true}

// CheckCode refuses what can't be a code: [a-z][a-z0-9_]*, at most 40 characters.
func CheckCode(path, code string) *fault.Error {
	if code == "" {
		return fault.In(path, "required")
	}
	if len(code) > MaxCode {
		return fault.In(path, "record.code_too_long", fault.Args{"max": MaxCode})
	}
	for i := range len(code) {
		c := code[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '_') {
			continue
		}
		return fault.In(path, "record.code_bad")
	}
	return nil
}

// CheckFieldCode refuses what can't be the code of a new field.
func CheckFieldCode(path, code string) *fault.Error {
	if err := CheckCode(path, code); err != nil {
		return err
	}
	if reserved[code] {
		return fault.In(path, "record.code_reserved", fault.Args{"code": code})
	}
	return nil
}

// CheckTypeCode refuses what can't be the code of a new type. It is shorter, being part of the names of tables and indexes.
func CheckTypeCode(path, code string) *fault.Error {
	if err := CheckCode(path, code); err != nil {
		return err
	}
	if len(code) > 30 {
		return fault.In(path, "record.code_too_long", fault.Args{"max": 30})
	}
	if reserved[code] || reservedTypes[code] {
		return fault.In(path, "record.code_reserved", fault.Args{"code": code})
	}
	return nil
}
