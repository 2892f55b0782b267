package workapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/work/mail"
)

// MailSettings say by which server letters leave. The password is never shown.
type MailSettings struct {
	Active      bool      `json:"active"`
	Host        string    `json:"host"`
	Port        int       `json:"port"`
	Security    string    `json:"security" enum:"starttls,tls,none"`
	User        string    `json:"user"`
	HasPassword bool      `json:"has_password"`
	From        string    `json:"from"`
	FromName    string    `json:"from_name"`
	Address     string    `json:"address" doc:"How the portal is reached, for links in letters"`
	Queue       MailQueue `json:"queue"`
}

// MailQueue is how the sending goes.
type MailQueue struct {
	Waiting int64  `json:"waiting"`
	Failed  int64  `json:"failed" doc:"In the last seven days"`
	Problem string `json:"problem,omitempty" doc:"What the server said the last time it went wrong"`
}

// MailSettingsPatch is what shall change; what is left out stays. With another server, port or user the password must be
// given anew.
type MailSettingsPatch struct {
	Active   *bool   `json:"active,omitempty"`
	Host     *string `json:"host,omitempty"`
	Port     *int    `json:"port,omitempty"`
	Security *string `json:"security,omitempty" doc:"starttls (demanded), tls or none"`
	User     *string `json:"user,omitempty"`
	Password *string `json:"password,omitempty"`
	From     *string `json:"from,omitempty"`
	FromName *string `json:"from_name,omitempty"`
	Address  *string `json:"address,omitempty"`
}

func (d Deps) mailRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/mail-settings", httpapi.Area(access.Mail), "mail", "By which server letters leave"), d.getMail)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/mail-settings", httpapi.Area(access.Mail), "mail", "Change the mail server"), d.changeMail)
	test := httpapi.Route(http.MethodPost, "/api/mail-settings/test", httpapi.Area(access.Mail), "mail", "Send a test letter at once")
	test.Status, test.PerMinute, test.Secret, test.Everyday = http.StatusOK, 10, true, true
	httpapi.Handle(r, test, d.testMail)
}

func (d Deps) getMail(ctx context.Context, _ *struct{}) (*httpapi.Body[MailSettings], error) {
	s, err := d.Mail.Settings(ctx)
	if err != nil {
		return nil, err
	}
	q, err := d.Mail.Queue(ctx)
	return httpapi.OK(MailSettings{
		Active: s.Active, Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, HasPassword: s.Password != "", From: s.From, FromName: s.FromName,
		Address: s.Address, Queue: MailQueue(q),
	}), err
}

func (d Deps) changeMail(ctx context.Context, in *httpapi.Body[MailSettingsPatch]) (*httpapi.Body[MailSettings], error) {
	b := in.Body
	p := mail.Patch{
		Active: b.Active, Host: b.Host, Port: b.Port, Security: b.Security, User: b.User, Password: b.Password, From: b.From, FromName: b.FromName, Address: b.Address,
	}
	if _, err := d.Mail.Change(ctx, httpapi.Who(ctx), p); err != nil {
		return nil, err
	}
	return d.getMail(ctx, nil)
}

// MailTest says where the test letter goes.
type MailTest struct {
	To string `json:"to" maxLength:"254"`
}

// MailTested says that the server took it.
type MailTested struct {
	To string `json:"to"`
}

func (d Deps) testMail(ctx context.Context, in *httpapi.Body[MailTest]) (*httpapi.Body[MailTested], error) {
	if err := d.Mail.Test(ctx, httpapi.Who(ctx), in.Body.To); err != nil {
		return nil, err
	}
	return httpapi.OK(MailTested(in.Body)), nil
}
