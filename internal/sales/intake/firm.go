package intake

import (
	"voronka/internal/kernel/ref"
	"voronka/internal/sales/client"
)

// recogniseFirm finds the company the sender is of: by its tax number, else by the domain of his e-mail, else by its name.
// A company that a phone or e-mail of its own tells is the client already.
func (w *work) recogniseFirm() error {
	if w.client.Type == "company" || w.client.Type == "contact" && w.payload.Company == "" {
		return nil
	}
	for _, sign := range w.signs() {
		id, err := w.Clients.Signed(w.t, sign)
		if err != nil || id != 0 {
			w.firm = id
			return err
		}
	}
	return nil
}

// signs are what the request says of a company, the surest first.
func (w *work) signs() (list []client.Sign) {
	add := func(s client.Sign, ok bool) {
		if ok {
			list = append(list, s)
		}
	}
	for _, said := range []any{w.payload.Of["company"]["inn"], w.payload.More["inn"]} {
		add(client.INNSign(text(said)))
	}
	for _, email := range w.payload.Emails {
		add(client.MailSign(email))
	}
	return append(list, client.NameSigns(w.payload.Company)...)
}

// known is who the request is from as far as anybody of us knows him: the client, else the company he is of.
func (w *work) known() ref.Ref {
	if w.firm != 0 && (w.client.Zero() || w.client.Type == "lead") {
		return ref.Ref{Type: "company", ID: w.firm}
	}
	return w.client
}
