package live

import (
	"net/http"
	"net/url"
	"testing"
)

// FuzzLastEventID: what a browser says it has had is a number we may have given, or as if it weren't there.
func FuzzLastEventID(f *testing.F) {
	for _, s := range []string{"0", "5", "-1", "9223372036854775807", "9223372036854775808", "1e3", " 5", "", "\x00", "0x5"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, header, after string) {
		req := &http.Request{Header: http.Header{"Last-Event-Id": {header}}, URL: &url.URL{RawQuery: url.Values{"after": {after}}.Encode()}}
		seq, resume, err := lastEvent(req)
		if err == nil && resume && seq < 0 || header != "" && err != nil {
			t.Fatalf("%q %q: %d %v %v", header, after, seq, resume, err)
		}
	})
}
