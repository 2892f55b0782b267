package workapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/work/mail"
)

// ClientLetter is the letter a client gets who came by a form or key.
type ClientLetter struct {
	Active    bool   `json:"active"`
	SubjectRU string `json:"subject_ru"`
	BodyRU    string `json:"body_ru"`
	SubjectEN string `json:"subject_en"`
	BodyEN    string `json:"body_en"`
}

// ClientLetterView is the letter with what it may say.
type ClientLetterView struct {
	ClientLetter
	Placeholders []string `json:"placeholders" doc:"Each in braces, with a word to fall back on after a bar"`
}

func (d Deps) letterRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/intake-keys/{id}/letter", httpapi.Area(access.Mail), "mail", "The letter to clients of a form or key"), d.getLetter)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/intake-keys/{id}/letter", httpapi.Area(access.Mail), "mail", "Write it"), d.putLetter)
	preview := httpapi.Route(http.MethodPost, "/api/letter-preview", httpapi.Area(access.Mail), "mail", "A letter as a made-up client would get it")
	preview.Status, preview.Everyday = http.StatusOK, true
	httpapi.Handle(r, preview, d.preview)
}

func (d Deps) getLetter(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[ClientLetterView], error) {
	x, err := d.Mail.Template(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(ClientLetterView{ClientLetter{x.Active, x.SubjectRU, x.BodyRU, x.SubjectEN, x.BodyEN}, mail.Placeholders}), nil
}

type putLetterIn struct {
	httpapi.ByID
	Body ClientLetter
}

func (d Deps) putLetter(ctx context.Context, in *putLetterIn) (*httpapi.Body[ClientLetterView], error) {
	b := in.Body
	x := mail.Template{KeyID: in.ID, Active: b.Active, SubjectRU: b.SubjectRU, BodyRU: b.BodyRU, SubjectEN: b.SubjectEN, BodyEN: b.BodyEN}
	if err := d.Mail.SaveTemplate(ctx, httpapi.Who(ctx), x); err != nil {
		return nil, err
	}
	return d.getLetter(ctx, &in.ByID)
}

// LetterText is a letter, with placeholders going in and without coming out.
type LetterText struct {
	Lang    string `json:"lang" enum:"ru,en"`
	Subject string `json:"subject" maxLength:"1000"`
	Body    string `json:"body" maxLength:"20000"`
}

func (d Deps) preview(ctx context.Context, in *httpapi.Body[LetterText]) (*httpapi.Body[LetterText], error) {
	subject, body, err := d.Mail.Preview(ctx, httpapi.Who(ctx), in.Body.Lang, in.Body.Subject, in.Body.Body)
	return httpapi.OK(LetterText{in.Body.Lang, subject, body}), err
}
