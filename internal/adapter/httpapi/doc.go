// Package httpapi is the ground all HTTP doors stand on: routes with their access rules, problems (RFC 9457) in the reader's
// language, who is asking, limits, idempotency, the description of the API. Each house has its own package below with its
// handlers and shapes; they meet in app.
//
// A handler of typed JSON:
//
//	httpapi.Handle(r, httpapi.Op{Method: "GET", Path: "/api/drums/{id}", Summary: "One drum", Access: httpapi.Admin},
//		func(ctx context.Context, in *struct{ ID int64 `path:"id" minimum:"1"` }) (*httpapi.Body[Drum], error) { … })
//
// A handler that writes its JSON by hand, for lists of records:
//
//	httpapi.Stream(r, httpapi.Op{…, Query: []httpapi.Param{{Name: "limit", Type: int64(0), Doc: "…"}}}, Page{},
//		func(ctx context.Context, w http.ResponseWriter, req *http.Request) error { … })
//
// A handler returns fault.Error for what went wrong; anything else is our mistake and answered with 500 and a number that
// is found in the log.
package httpapi
