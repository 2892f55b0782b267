package workapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/work/notify"
)

func (d Deps) pushRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/push/key", httpapi.SignedIn, "notifications", "The key a browser subscribes to pushes with"), d.pushKey)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/push/subscriptions", httpapi.SignedIn, "notifications", "Devices I am pushed to"), d.devices)
	add := httpapi.Route(http.MethodPost, "/api/push/subscriptions", httpapi.SignedIn, "notifications", "Have this browser pushed to")
	add.PerMinute = 30
	httpapi.Handle(r, add, d.subscribe)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/push/subscriptions/{id}", httpapi.SignedIn, "notifications", "Push to a device no more"), d.unsubscribe)
	act := httpapi.Route(http.MethodPost, "/api/push/act", httpapi.Public, "notifications", "Do what a pushed notification offers: take its offer")
	act.Doc = "The token comes in the notification. It is good once, for its person and offer, until the deadline."
	act.Status, act.Secret, act.PerMinute = http.StatusOK, true, 60
	httpapi.Handle(r, act, d.act)
}

// PushKey is the public key of the portal.
type PushKey struct {
	Key string `json:"key" doc:"P-256 point, base64url (RFC 8292)"`
}

func (d Deps) pushKey(ctx context.Context, _ *struct{}) (*httpapi.Body[PushKey], error) {
	key, err := d.Notify.PublicKey(ctx)
	return httpapi.OK(PushKey{key}), err
}

// PushDevice is a browser that is pushed to.
type PushDevice struct {
	ID        int64      `json:"id"`
	Agent     string     `json:"agent"`
	Endpoint  string     `json:"endpoint" doc:"Of the push service, by which a browser knows itself"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at"`
}

func deviceOf(x notify.Subscription) PushDevice {
	return PushDevice{ID: x.ID, Agent: x.Agent, Endpoint: x.Endpoint, CreatedAt: x.CreatedAt.Time(), UsedAt: httpapi.Instant(x.UsedAt)}
}

func (d Deps) devices(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[PushDevice]], error) {
	found, err := d.Notify.Store.Devices(ctx, httpapi.Who(ctx).UserID)
	if err != nil {
		return nil, err
	}
	list := make([]PushDevice, len(found))
	for i, x := range found {
		list[i] = deviceOf(x)
	}
	return httpapi.ListOf(list, ""), nil
}

// PushSubscription is what a browser's PushSubscription.toJSON() says.
type PushSubscription struct {
	Endpoint string `json:"endpoint" maxLength:"1000"`
	Keys     struct {
		P256dh string `json:"p256dh" maxLength:"200"`
		Auth   string `json:"auth" maxLength:"100"`
	} `json:"keys"`
	ExpirationTime *float64 `json:"expirationTime,omitempty" doc:"Not looked at"`
}

type subscribeIn struct {
	Agent string `header:"User-Agent"`
	Body  PushSubscription
}

func (d Deps) subscribe(ctx context.Context, in *subscribeIn) (*httpapi.Body[PushDevice], error) {
	agent := in.Agent
	if len(agent) > 250 {
		agent = agent[:250]
	}
	x := notify.Subscription{SessionID: httpapi.Session(ctx), Endpoint: in.Body.Endpoint, P256dh: in.Body.Keys.P256dh, Auth: in.Body.Keys.Auth, Agent: agent}
	x, err := d.Notify.Subscribe(ctx, httpapi.Who(ctx), x)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(deviceOf(x)), nil
}

func (d Deps) unsubscribe(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Tx.Do(ctx, func(t tx.Tx) error { return d.Notify.Store.Unsubscribe(t, httpapi.Who(ctx).UserID, in.ID, "") })
}

// PushAct is the word of action of a notification.
type PushAct struct {
	Token string `json:"token" maxLength:"200"`
}

// PushActed is what came of it.
type PushActed struct {
	Offer   int64  `json:"offer"`
	State   string `json:"state" enum:"taken"`
	Message string `json:"message" doc:"To be shown to the person"`
	URL     string `json:"url" doc:"Path of the record's page"`
}

func (d Deps) act(ctx context.Context, in *httpapi.Body[PushAct]) (*httpapi.Body[PushActed], error) {
	if in.Body.Token == "" {
		return nil, fault.New(fault.Forbidden, "push.bad_token")
	}
	o, userID, err := d.Notify.Act(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	lang := httpapi.Lang(ctx)
	if org, err := d.Notify.Org.Last(ctx); err == nil {
		if u := org.User(userID); u != nil {
			lang = u.Lang
		}
	}
	return httpapi.OK(PushActed{Offer: o.ID, State: o.State, Message: d.Say(lang, "notice.taken", nil), URL: notify.Path(o.Record)}), nil
}
