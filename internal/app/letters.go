package app

import (
	"context"

	"voronka/internal/kernel/tx"
	"voronka/internal/org/account"
	"voronka/internal/texts"
	"voronka/internal/work/mail"
)

// letters brings links to people by the portal's mail.
type letters struct{ *App }

var _ account.Letters = letters{}

// Post implements account.Letters.
func (a letters) Post(t tx.Tx, l account.Letter) (bool, error) {
	settings, err := a.Mail.Store.MailSettingsIn(t)
	if err != nil {
		return false, err
	}
	address := a.outside(settings)
	if address == "" || !settings.Active {
		return false, nil
	}
	org, err := a.Org.In(t)
	if err != nil {
		return false, err
	}
	say := texts.For(l.Lang)
	zone := org.Portal.Zone
	args := map[string]any{
		"company": l.Company, "by": l.By, "name": l.Name, "link": address + l.Path, "until": a.Notify.Moment(l.Lang, zone, l.Until, t.Now()),
		"named": yes(l.By != ""),
	}
	return a.Mail.Put(t, mail.Letter{
		Source: l.Source, To: l.To, ToName: l.Name, Lang: l.Lang, Secret: true, Until: l.Until,
		Subject: say.Say("letter."+l.Kind+".subject", args), Body: say.Say("letter."+l.Kind+".body", args),
	})
}

// Ready implements account.Letters.
func (a letters) Ready(ctx context.Context) bool {
	settings, err := a.Mail.Settings(ctx)
	return err == nil && settings.Active && a.outside(settings) != ""
}

// outside is the portal's address for links.
func (a letters) outside(s mail.Settings) string {
	address := a.Config.BaseURL
	if s.Address != "" {
		address = s.Address
	}
	for len(address) > 0 && address[len(address)-1] == '/' {
		address = address[:len(address)-1]
	}
	return address
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
