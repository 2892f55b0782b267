package rightsapi

import (
	"context"

	"voronka/internal/adapter/httpapi"
)

// Look says with whose eyes.
type Look struct {
	User int64 `json:"user" minimum:"1"`
}

func (d Deps) lookAs(ctx context.Context, in *httpapi.Body[Look]) (*httpapi.Empty, error) {
	return nil, d.Sessions.LookAs(ctx, httpapi.Who(ctx), httpapi.Session(ctx), in.Body.User)
}

func (d Deps) lookEnds(ctx context.Context, _ *struct{}) (*httpapi.Empty, error) {
	return nil, d.Sessions.LookAs(ctx, httpapi.Who(ctx), httpapi.Session(ctx), 0)
}
