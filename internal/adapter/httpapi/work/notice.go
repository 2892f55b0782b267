package workapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/kernel/tx"
	"voronka/internal/work/notify"
)

// Notification is something a person was told.
type Notification struct {
	ID     int64               `json:"id"`
	Kind   string              `json:"kind"`
	At     time.Time           `json:"at"`
	Title  string              `json:"title"`
	Body   string              `json:"body"`
	Type   string              `json:"type,omitempty" doc:"Type of the record it is about"`
	Record *int64              `json:"record"`
	Read   bool                `json:"read"`
	Action *NotificationAction `json:"action"`
}

// NotificationAction is what can be done about it at once.
type NotificationAction struct {
	Kind  string     `json:"kind" enum:"take"`
	Offer int64      `json:"offer"`
	Until *time.Time `json:"until" doc:"null: without a deadline"`
	Open  bool       `json:"open" doc:"The offer still waits for me"`
}

// Notifications are a page of them.
type Notifications struct {
	Items  []Notification `json:"items"`
	Next   string         `json:"next,omitempty"`
	Unread int64          `json:"unread" doc:"100 for a hundred and more"`
}

func (d Deps) noticeRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/notifications", httpapi.SignedIn, "notifications", "What I was told, the newest first"), d.list)
	read := httpapi.Route(http.MethodPost, "/api/notifications/read", httpapi.SignedIn, "notifications", "Mark as read")
	read.Status = http.StatusOK
	httpapi.Handle(r, read, d.read)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/notification-settings", httpapi.SignedIn, "notifications", "How I am told of what"), d.settings)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/notification-settings", httpapi.SignedIn, "notifications", "Change how I am told; kinds left out stay"), d.choose)
}

type listIn struct {
	Unread bool   `query:"unread" doc:"Only those I have not read"`
	Limit  int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After  string `query:"after" doc:"next of the page before"`
}

func (d Deps) list(ctx context.Context, in *listIn) (*httpapi.Body[Notifications], error) {
	var before int64
	if in.After != "" {
		if err := page.Decode(in.After, &before); err != nil {
			return nil, err
		}
	}
	limit := page.Limit(in.Limit)
	items, unread, err := d.Notify.Store.List(ctx, httpapi.Who(ctx).UserID, before, in.Unread, limit+1)
	if err != nil {
		return nil, err
	}
	out := Notifications{Items: []Notification{}, Unread: unread}
	for i, n := range items {
		if i == limit {
			out.Next = page.Encode(items[limit-1].ID)
			break
		}
		out.Items = append(out.Items, d.notification(ctx, n))
	}
	return httpapi.OK(out), nil
}

func (d Deps) notification(ctx context.Context, n *notify.Item) Notification {
	title, body := d.Notify.Words(n, httpapi.Lang(ctx), httpapi.Who(ctx).Zone, d.Clock.Now())
	out := Notification{
		ID: n.ID, Kind: n.Kind, At: n.At.Time(), Title: title, Body: body, Type: n.Ref.Type, Record: httpapi.OrNull(n.Ref.ID), Read: n.ReadAt != 0,
	}
	if n.Action != "" {
		out.Action = &NotificationAction{Kind: n.Action, Offer: n.Subject, Until: httpapi.Instant(n.Until), Open: n.Open}
	}
	return out
}

// ReadIn says what was read.
type ReadIn struct {
	IDs []int64 `json:"ids,omitempty" maxItems:"500"`
	All bool    `json:"all,omitempty" doc:"Everything"`
}

// Unread is how much is left.
type Unread struct {
	Unread int64 `json:"unread"`
}

func (d Deps) read(ctx context.Context, in *httpapi.Body[ReadIn]) (*httpapi.Body[Unread], error) {
	ids := in.Body.IDs
	switch {
	case in.Body.All:
		ids = nil
	case len(ids) == 0:
		return nil, fault.In("ids", "notice.read_what")
	}
	var out Unread
	err := d.Tx.Do(ctx, func(t tx.Tx) (err error) {
		out.Unread, err = d.Notify.Read(t, httpapi.Who(ctx).UserID, ids)
		return err
	})
	return httpapi.OK(out), err
}

// NotificationChoice is how one is told of a kind. The list of notifications has all of them.
type NotificationChoice struct {
	Kind    string `json:"kind"`
	Title   string `json:"title" readOnly:"true"`
	Toast   bool   `json:"toast" doc:"On an open page"`
	Browser bool   `json:"browser" doc:"By the browser, while a page is open but not looked at"`
	Push    bool   `json:"push" doc:"To subscribed devices"`
	Email   bool   `json:"email"`
	Quiet   bool   `json:"quiet" doc:"Outside my working time only in the list; the rest in one piece when I work again"`
	NoEmail bool   `json:"no_email,omitempty" readOnly:"true"`
}

// NotificationSettings are all choices of a person.
type NotificationSettings struct {
	Items []NotificationChoice `json:"items"`
	Email bool                 `json:"email" doc:"The portal sends mail at all"`
}

func (d Deps) settings(ctx context.Context, _ *struct{}) (*httpapi.Body[NotificationSettings], error) {
	who := httpapi.Who(ctx)
	chosen, err := d.Notify.Store.Choices(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	mail, err := d.Mail.Settings(ctx)
	if err != nil {
		return nil, err
	}
	out := NotificationSettings{Items: []NotificationChoice{}, Email: mail.Active}
	for _, c := range notify.Choices(who, chosen) {
		out.Items = append(out.Items, NotificationChoice{
			Kind: c.Kind.Code, Title: d.Say(httpapi.Lang(ctx), "notice."+c.Kind.Code+".kind", nil), Toast: c.Ways.Has(notify.Toast),
			Browser: c.Ways.Has(notify.Browser), Push: c.Ways.Has(notify.Push), Email: c.Ways.Has(notify.Email), Quiet: c.Ways.Has(notify.Quiet),
			NoEmail: c.Kind.NoEmail,
		})
	}
	return httpapi.OK(out), nil
}

// NotificationPatch is what shall change of a kind; what is left out stays.
type NotificationPatch struct {
	Kind    string `json:"kind"`
	Toast   *bool  `json:"toast,omitempty"`
	Browser *bool  `json:"browser,omitempty"`
	Push    *bool  `json:"push,omitempty"`
	Email   *bool  `json:"email,omitempty"`
	Quiet   *bool  `json:"quiet,omitempty"`
}

func (p NotificationPatch) apply(w notify.Ways) notify.Ways {
	for way, on := range map[notify.Ways]*bool{
		notify.Toast: p.Toast, notify.Browser: p.Browser, notify.Push: p.Push, notify.Email: p.Email, notify.Quiet: p.Quiet,
	} {
		switch {
		case on == nil:
		case *on:
			w |= way
		default:
			w &^= way
		}
	}
	return w
}

// NotificationPatches are changes of several kinds.
type NotificationPatches struct {
	Items []NotificationPatch `json:"items" maxItems:"50"`
}

func (d Deps) choose(ctx context.Context, in *httpapi.Body[NotificationPatches]) (*httpapi.Body[NotificationSettings], error) {
	who := httpapi.Who(ctx)
	chosen, err := d.Notify.Store.Choices(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	after := map[string]notify.Ways{}
	for _, p := range in.Body.Items {
		k := notify.KindOf(p.Kind)
		if k == nil {
			return nil, fault.In("kind", "notice.unknown_kind")
		}
		ways, ok := after[p.Kind]
		if !ok {
			if ways, ok = chosen[p.Kind]; !ok {
				ways = k.Ways
			}
		}
		after[p.Kind] = p.apply(ways)
	}
	if err := d.Tx.Do(ctx, func(t tx.Tx) error { return d.Notify.Choose(t, who.UserID, after) }); err != nil {
		return nil, err
	}
	return d.settings(ctx, nil)
}
