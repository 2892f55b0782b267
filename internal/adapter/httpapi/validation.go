package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"voronka/internal/kernel/fault"
)

// init makes huma speak in our keys: its messages become "key|argument name|value", which humaProblem reads. These are
// variables huma offers for the purpose; they must be set before the first route is registered.
func init() {
	for message, text := range map[*string]string{
		&validation.MsgUnexpectedProperty:                 "input.unknown",
		&validation.MsgExpectedRFC3339DateTime:            "input.datetime",
		&validation.MsgExpectedRFC1123DateTime:            "input.datetime",
		&validation.MsgExpectedRFC3339Date:                "input.date",
		&validation.MsgExpectedRFC3339Time:                "input.time",
		&validation.MsgExpectedRFC5322Email:               "input.email|_|%v",
		&validation.MsgExpectedRFC5890Hostname:            "input.url",
		&validation.MsgExpectedRFC2673IPv4:                "input.ip",
		&validation.MsgExpectedRFC2373IPv6:                "input.ip",
		&validation.MsgExpectedRFCIPAddr:                  "input.ip",
		&validation.MsgExpectedRFC3986URI:                 "input.url|_|%v",
		&validation.MsgExpectedRFC4122UUID:                "input.uuid|_|%v",
		&validation.MsgExpectedRFC6570URITemplate:         "input.url",
		&validation.MsgExpectedRFC6901JSONPointer:         "input.bad",
		&validation.MsgExpectedRFC6901RelativeJSONPointer: "input.bad",
		&validation.MsgExpectedRegexp:                     "input.pattern|_|%v",
		&validation.MsgExpectedMatchAtLeastOneSchema:      "input.bad",
		&validation.MsgExpectedMatchExactlyOneSchema:      "input.bad",
		&validation.MsgExpectedNotMatchSchema:             "input.bad",
		&validation.MsgExpectedPropertyNameInObject:       "input.bad",
		&validation.MsgExpectedBoolean:                    "input.boolean",
		&validation.MsgExpectedDuration:                   "input.bad|_|%v",
		&validation.MsgExpectedNumber:                     "input.number",
		&validation.MsgExpectedInteger:                    "input.integer",
		&validation.MsgExpectedString:                     "input.string",
		&validation.MsgExpectedBase64String:               "input.base64",
		&validation.MsgExpectedArray:                      "input.array",
		&validation.MsgExpectedObject:                     "input.object",
		&validation.MsgExpectedArrayItemsUnique:           "input.unique",
		&validation.MsgExpectedOneOf:                      "input.one_of|values|%s",
		&validation.MsgExpectedMinimumNumber:              "input.min|min|%v",
		&validation.MsgExpectedExclusiveMinimumNumber:     "input.above|min|%v",
		&validation.MsgExpectedMaximumNumber:              "input.max|max|%v",
		&validation.MsgExpectedExclusiveMaximumNumber:     "input.below|max|%v",
		&validation.MsgExpectedNumberBeMultipleOf:         "input.multiple|of|%v",
		&validation.MsgExpectedMinLength:                  "input.min_length|min|%d",
		&validation.MsgExpectedMaxLength:                  "input.max_length|max|%d",
		&validation.MsgExpectedBePattern:                  "input.pattern|_|%s",
		&validation.MsgExpectedMatchPattern:               "input.pattern|_|%s",
		&validation.MsgExpectedMinItems:                   "input.min_items|min|%d",
		&validation.MsgExpectedMaxItems:                   "input.max_items|max|%d",
		&validation.MsgExpectedMinProperties:              "input.min_properties|min|%d",
		&validation.MsgExpectedMaxProperties:              "input.max_properties|max|%d",
		&validation.MsgExpectedRequiredProperty:           "input.missing|name|%s",
		&validation.MsgExpectedDependentRequiredProperty:  "input.missing|name|%s|_|%s",
	} {
		*message = text
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaProblem(nil, status, msg, errs...)
	}
	huma.NewErrorWithContext = humaProblem
}

// otherMessages are those huma has no variable for.
var otherMessages = []struct{ begins, key string }{
	{"required ", "input.missing_value"},
	{"unknown query", "input.unknown_query"},
	{"invalid integer", "input.integer"},
	{"invalid float", "input.number"},
	{"invalid boolean", "input.boolean"},
	{"invalid date", "input.datetime"},
	{"cannot read multipart", "input.form"},
}

// humaProblem turns what huma found wrong into a problem. Values a caller sent are not sent back to him.
func humaProblem(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	if status == 0 { // huma asks for the shape of errors to describe it
		return &Problem{}
	}
	c := nobody
	if ctx != nil {
		c = callOf(ctx.Context())
	}
	f := humaFault(status, msg, errs)
	return translate(withCall(c), f)
}

func humaFault(status int, msg string, errs []error) *fault.Error {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "http.body_too_large", fault.Args{"max": strings.TrimFunc(msg, func(r rune) bool { return r < '0' || r > '9' })})
	case http.StatusRequestTimeout:
		return fault.New(fault.Invalid, "http.body_slow")
	case http.StatusUnsupportedMediaType:
		return fault.New(fault.Invalid, "input.media_type")
	case http.StatusNotAcceptable:
		return fault.New(fault.Invalid, "input.not_acceptable")
	case http.StatusInternalServerError:
		return fault.Wrap(fault.Internal, "internal", errors.Join(append([]error{errors.New(msg)}, errs...)...))
	}
	if msg == "request body is required" {
		return fault.New(fault.Invalid, "input.body_missing")
	}
	f := &fault.Error{Code: fault.Invalid, Key: "invalid"}
	for _, err := range errs {
		var d *huma.ErrorDetail
		var ours *fault.Error
		switch {
		case errors.As(err, &ours): // from a resolver
			f.Fields = append(f.Fields, ours.Fields...)
		case !errors.As(err, &d):
			f = f.With("", "input.bad")
		case status == http.StatusBadRequest && d.Location == "body":
			return fault.New(fault.Invalid, "input.json", fault.Args{"detail": strings.TrimPrefix(d.Message, "json: ")})
		default:
			key, args := humaMessage(d.Message)
			f = f.With(humaPath(d.Location), key, args)
		}
	}
	return f
}

func humaMessage(message string) (key string, args fault.Args) {
	if !strings.HasPrefix(message, "input.") {
		for _, m := range otherMessages {
			if strings.HasPrefix(message, m.begins) {
				return m.key, nil
			}
		}
		return "input.bad", nil
	}
	parts := strings.SplitN(message, "|", 3)
	if len(parts) < 3 || parts[1] == "_" {
		return parts[0], nil
	}
	value, _, _ := strings.Cut(parts[2], "|_|")
	return parts[0], fault.Args{parts[1]: strings.ReplaceAll(value, `", "`, ", ")}
}

// humaPath turns body.phones[0].value into phones/0/value and query.limit into limit.
func humaPath(location string) string {
	_, path, _ := strings.Cut(location, ".")
	return strings.Trim(strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path), "/")
}

// unreadable is the fault of a body that is no JSON, or JSON of another shape.
func unreadable(err error) error {
	var shape *json.UnmarshalTypeError
	if errors.As(err, &shape) && shape.Field != "" {
		return fault.In(strings.ReplaceAll(shape.Field, ".", "/"), "input.bad")
	}
	return badJSON(err.Error())
}

func badJSON(detail string) error {
	f := fault.New(fault.Invalid, "input.json", fault.Args{"detail": strings.TrimPrefix(detail, "json: ")})
	return f
}
