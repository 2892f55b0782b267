package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/session"
)

// SecondFactor is how one's own second factor stands.
type SecondFactor struct {
	On        bool       `json:"on"`
	Since     *time.Time `json:"since"`
	CodesLeft int64      `json:"codes_left" doc:"Recovery codes that are still good"`
	Needed    bool       `json:"needed" doc:"The portal demands it"`
	Password  bool       `json:"password" doc:"Changes are proved by the password; otherwise by a code"`
}

// FactorSetup is what an authenticator app needs; told once.
type FactorSetup struct {
	Secret  string `json:"secret" doc:"To be typed into the app"`
	Address string `json:"address" doc:"What the picture says"`
	Picture string `json:"picture" doc:"QR code, SVG"`
}

// FactorCode is a code of the app.
type FactorCode struct {
	Code string `json:"code" maxLength:"100"`
}

// RecoveryCodes are each good once, in place of a code; told once.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

// OwnProof shows that it is the person himself.
type OwnProof struct {
	Password string `json:"password,omitempty" maxLength:"1000"`
	Code     string `json:"code,omitempty" maxLength:"100" doc:"For who has no password"`
}

type provedIn struct {
	Origin
	Body OwnProof
}

func (d Deps) factorRoutes(r *httpapi.Router) {
	get := httpapi.Route(http.MethodGet, "/api/me/second-factor", httpapi.SignedIn, "profile", "How my second factor stands")
	get.Unfinished = true
	httpapi.Handle(r, get, d.getFactor)
	begin := httpapi.Route(http.MethodPost, "/api/me/second-factor", httpapi.SignedIn, "profile", "Begin setting up my second factor")
	begin.Unfinished, begin.Secret, begin.PerMinute = true, true, 30
	httpapi.Handle(r, begin, d.beginFactor)
	confirm := httpapi.Route(http.MethodPost, "/api/me/second-factor/confirmation", httpapi.SignedIn, "profile", "Turn my second factor on with a first code; recovery codes are told once")
	confirm.Unfinished, confirm.Secret, confirm.PerMinute = true, true, 30
	httpapi.Handle(r, confirm, d.confirmFactor)
	codes := httpapi.Route(http.MethodPost, "/api/me/second-factor/codes", httpapi.SignedIn, "profile", "Make new recovery codes; the old ones are good no more")
	codes.Secret, codes.PerMinute = true, 10
	httpapi.Handle(r, codes, d.renewCodes)
	off := httpapi.Route(http.MethodPost, "/api/me/second-factor/removal", httpapi.SignedIn, "profile", "Turn my second factor off")
	off.Secret, off.PerMinute = true, 10
	httpapi.Handle(r, off, d.removeFactor)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/users/{id}/second-factor", httpapi.Admin, "people", "Take a person's lost second factor away; his sessions end"), d.resetFactor)
}

func (d Deps) getFactor(ctx context.Context, _ *struct{}) (*httpapi.Body[SecondFactor], error) {
	who := httpapi.Who(ctx)
	f, err := d.Sessions.FactorOf(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(SecondFactor{On: f.OnAt != 0, Since: httpapi.Instant(f.OnAt), CodesLeft: f.CodesLeft, Needed: dir.Portal.SecondFactor.Of(who.Role), Password: f.Password}), nil
}

func (d Deps) beginFactor(ctx context.Context, _ *struct{}) (*httpapi.Body[FactorSetup], error) {
	made, err := d.Sessions.BeginFactor(ctx, httpapi.Who(ctx).UserID)
	if err != nil {
		return nil, err
	}
	picture, err := httpapi.QR(made.Address)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(FactorSetup{Secret: made.Secret, Address: made.Address, Picture: picture}), nil
}

func (d Deps) confirmFactor(ctx context.Context, in *httpapi.Body[FactorCode]) (*httpapi.Body[RecoveryCodes], error) {
	codes, err := d.Sessions.ConfirmFactor(ctx, httpapi.Who(ctx).UserID, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(RecoveryCodes{codes}), nil
}

func (d Deps) renewCodes(ctx context.Context, in *provedIn) (*httpapi.Body[RecoveryCodes], error) {
	codes, err := d.Sessions.RenewCodes(ctx, httpapi.Who(ctx).UserID, session.Proof(in.Body), in.from(ctx))
	if err != nil {
		return nil, err
	}
	return httpapi.OK(RecoveryCodes{codes}), nil
}

func (d Deps) removeFactor(ctx context.Context, in *provedIn) (*httpapi.Empty, error) {
	return nil, d.Sessions.TurnFactorOff(ctx, httpapi.Who(ctx).UserID, session.Proof(in.Body), in.from(ctx))
}

func (d Deps) resetFactor(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Sessions.ResetFactor(ctx, httpapi.Who(ctx), in.ID)
}
