// Package fault is the vocabulary of failure. Rooms speak in these few codes; one table in the HTTP adapter turns them
// into statuses, another into the sentences a user reads. Internals never reach a user.
package fault

import (
	"errors"
	"fmt"
)

// Code says what kind of failure it is and so who must do something about it.
type Code string

// The codes.
const (
	Invalid         Code = "invalid"         // the input is wrong; Fields says where
	Unauthenticated Code = "unauthenticated" // who are you?
	Forbidden       Code = "forbidden"       // may not, and may know that it is there
	NotFound        Code = "not_found"       // is not there, or may not be known to be
	Conflict        Code = "conflict"        // somebody was faster; Data holds both sides
	TooMany         Code = "too_many"        // slow down; RetryAfter says how long
	TooLarge        Code = "too_large"       // over a limit named in Args
	Unavailable     Code = "unavailable"     // the system can't now; try again
	Internal        Code = "internal"        // our mistake
)

// Args are the values of a message's placeholders.
type Args map[string]any

// Error is a failure with everything needed to tell a user what to do. Key names a message in the text catalogues
// ("user.email_taken"), never a sentence.
type Error struct {
	Code       Code
	Key        string
	Args       Args
	Fields     []Field // what is wrong where, for Invalid
	Data       any     // shown to API clients as is: both values of a conflict …
	RetryAfter int     // seconds, for TooMany and Unavailable
	Err        error   // the cause, for the log only
}

// Field is one wrong input: its path ("amount", "phones/0/value") and the message about it.
type Field struct {
	Path string
	Key  string
	Args Args
}

// Error implements error; it is meant for logs.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Key
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Path, f.Key)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes a failure. args is optional.
func New(code Code, key string, args ...Args) *Error {
	e := &Error{Code: code, Key: key}
	if len(args) > 0 {
		e.Args = args[0]
	}
	return e
}

// Wrap makes a failure with its cause.
func Wrap(code Code, key string, err error) *Error { return &Error{Code: code, Key: key, Err: err} }

// In is an Invalid about one field.
func In(path, key string, args ...Args) *Error {
	f := Field{Path: path, Key: key}
	if len(args) > 0 {
		f.Args = args[0]
	}
	return &Error{Code: Invalid, Key: "invalid", Fields: []Field{f}}
}

// With adds a wrong field and returns the same error, which may be nil to begin with.
func (e *Error) With(path, key string, args ...Args) *Error {
	if e == nil {
		return In(path, key, args...)
	}
	e.Fields = append(e.Fields, In(path, key, args...).Fields...)
	return e
}

// OrNil returns e as an error that is really nil when e is.
func (e *Error) OrNil() error {
	if e == nil {
		return nil
	}
	return e
}

// CodeOf tells the code of any error; errors that are not ours are Internal, nil is "".
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is tells whether err carries code.
func Is(err error, code Code) bool { return CodeOf(err) == code }
