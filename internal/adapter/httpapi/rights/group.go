package rightsapi

import (
	"context"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/role"
)

// Group is a list of people that roles can be given to.
type Group struct {
	ID      int64   `json:"id"`
	Title   string  `json:"title"`
	Members []int64 `json:"members"`
}

// GroupPatch is what of a group shall change; what is left out stays.
type GroupPatch struct {
	Title   *string  `json:"title,omitempty"`
	Members *[]int64 `json:"members,omitempty"`
}

func groupOf(g *role.UserGroup) Group {
	return Group{ID: g.ID, Title: g.Title, Members: some(g.Members)}
}

func (d Deps) listGroups(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Group]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	var list []Group
	for _, g := range dir.Book().Groups {
		list = append(list, groupOf(g))
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) addGroup(ctx context.Context, in *httpapi.Body[GroupPatch]) (*httpapi.Body[Group], error) {
	g, err := d.Roles.AddGroup(ctx, httpapi.Who(ctx), role.GroupPatch(in.Body))
	if err != nil {
		return nil, err
	}
	return httpapi.OK(groupOf(g)), nil
}

type changeGroupIn struct {
	httpapi.ByID
	Body GroupPatch
}

func (d Deps) changeGroup(ctx context.Context, in *changeGroupIn) (*httpapi.Body[Group], error) {
	g, err := d.Roles.ChangeGroup(ctx, httpapi.Who(ctx), in.ID, role.GroupPatch(in.Body))
	if err != nil {
		return nil, err
	}
	return httpapi.OK(groupOf(g)), nil
}

func (d Deps) removeGroup(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Roles.RemoveGroup(ctx, httpapi.Who(ctx), in.ID)
}

// StandIn is somebody standing in for another.
type StandIn struct {
	ID    int64      `json:"id"`
	User  int64      `json:"user" doc:"Who stands in"`
	For   int64      `json:"for" doc:"For whom"`
	Kind  string     `json:"kind" enum:"assistant,deputy" doc:"An assistant sees what the other sees, a deputy may do what the other may"`
	From  *time.Time `json:"from" doc:"null: since ever"`
	Until *time.Time `json:"until" doc:"null: for ever, which is for assistants only"`
}

// NewStandIn is a stand-in to make.
type NewStandIn struct {
	User  int64      `json:"user" minimum:"1"`
	For   int64      `json:"for" minimum:"1"`
	Kind  string     `json:"kind" enum:"assistant,deputy"`
	From  *time.Time `json:"from,omitempty"`
	Until *time.Time `json:"until,omitempty"`
}

func standInOf(in role.StandIn) StandIn {
	return StandIn{ID: in.ID, User: in.UserID, For: in.ForID, Kind: string(in.Kind), From: httpapi.Instant(in.From), Until: httpapi.Instant(in.Until)}
}

func (d Deps) listStandIns(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[StandIn]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	var list []StandIn
	for _, in := range dir.Book().StandIns {
		list = append(list, standInOf(in))
	}
	return httpapi.ListOf(list, ""), nil
}

// moment is what was given, 0 for nothing.
func moment(t *time.Time) clock.Instant {
	if t == nil {
		return 0
	}
	return max(1, clock.Of(*t)) // 0 would mean always
}

func (d Deps) addStandIn(ctx context.Context, in *httpapi.Body[NewStandIn]) (*httpapi.Body[StandIn], error) {
	b := in.Body
	made, err := d.Roles.AddStandIn(ctx, httpapi.Who(ctx),
		role.StandIn{UserID: b.User, ForID: b.For, Kind: role.StandInKind(b.Kind), From: moment(b.From), Until: moment(b.Until)})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(standInOf(made)), nil
}

func (d Deps) removeStandIn(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Roles.RemoveStandIn(ctx, httpapi.Who(ctx), in.ID)
}
