package client

import (
	"regexp"
	"slices"
	"strings"

	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Sign is what tells a company beside its own phones and e-mails: its tax number ("i:7701234567"), the domain of its mail or
// site ("d:romashka.ru"), its name without the legal form ("n:ромашка") and with the one it states ("n:ромашка (ооо)"). Unlike
// a Key it may belong to several companies, and then tells none of them.
type Sign string

// Signs of one company under the field they come from.
type Signs map[string][]Sign

// Companies keeps the signs.
type Companies interface {
	// Sign replaces the signs that come from a field of a company.
	Sign(t tx.Tx, company int64, field string, signs []Sign) error
	// Unsign forgets a company.
	Unsign(t tx.Tx, company int64) error
	// Signed is the one company with a sign; 0 when there is none or more than one.
	Signed(t tx.Tx, sign Sign) (int64, error)
}

// CompanyHook keeps the signs true when companies change.
type CompanyHook struct{ Store Companies }

// Before implements record.Hook.
func (h *CompanyHook) Before(tx.Tx, *record.Change) error { return nil }

// After writes the signs of the fields that changed.
func (h *CompanyHook) After(t tx.Tx, c *record.Change) error {
	if c.Type.Code != "company" {
		return nil
	}
	if c.Deleted {
		return h.Store.Unsign(t, c.ID)
	}
	for _, f := range signing(c.Type) {
		if !c.Created && !c.Restored && !c.Changed(f.Code) {
			continue
		}
		if err := h.Store.Sign(t, c.ID, f.Code, SignsIn(f, c.To(f.Code))); err != nil {
			return err
		}
	}
	return nil
}

// signing are the fields of companies that can hold signs.
func signing(typ *schema.Type) []*schema.Field {
	list := []*schema.Field{typ.Field("title")}
	for _, f := range typ.Fields {
		if f.Code == "inn" || f.Kind == schema.Email || f.Kind == schema.URL {
			list = append(list, f)
		}
	}
	return list
}

// SignsOf are all signs of a company by field.
func SignsOf(typ *schema.Type, data func(*schema.Field) schema.Datum) Signs {
	all := Signs{}
	for _, f := range signing(typ) {
		if list := SignsIn(f, data(f)); len(list) > 0 {
			all[f.Code] = list
		}
	}
	return all
}

// SignsIn are the signs in the value of a field of a company.
func SignsIn(f *schema.Field, d schema.Datum) (list []Sign) {
	add := func(s Sign, ok bool) {
		if ok && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	switch {
	case f.Code == "title":
		for _, s := range ownNameSigns(d.Text) {
			add(s, true)
		}
	case f.Code == "inn":
		add(INNSign(d.Text))
	case f.Kind == schema.URL:
		add(SiteSign(d.Text))
	case f.Kind == schema.Email:
		for _, item := range d.Many {
			add(MailSign(item.Norm))
		}
	}
	return list
}

var notDigits = regexp.MustCompile(`\D+`)

// INNSign is the sign of a tax number: Russian ones have 10 or 12 digits, Belarusian 9, Kazakh 12, Uzbek 9.
func INNSign(inn string) (Sign, bool) {
	digits := notDigits.ReplaceAllString(inn, "")
	return Sign("i:" + digits), len(digits) >= 9 && len(digits) <= 12 && strings.Trim(digits, "0") != ""
}

// MailSign is the sign of an e-mail's domain; ok is false when anybody may have an address there.
func MailSign(email string) (Sign, bool) {
	_, normal, ok := schema.NormalEmail(email)
	if !ok {
		return "", false
	}
	return domainSign(normal[strings.LastIndexByte(normal, '@')+1:])
}

var host = regexp.MustCompile(`^(?i)(?:https?://)?(?:www\.)?([^/:?#\s]+)`)

// SiteSign is the sign of a site's domain.
func SiteSign(site string) (Sign, bool) {
	found := host.FindStringSubmatch(strings.TrimSpace(site))
	if found == nil {
		return "", false
	}
	return MailSign("x@" + found[1]) // the domain of a site and of an address are written alike
}

func domainSign(domain string) (Sign, bool) {
	return Sign("d:" + domain), !public[domain]
}

// legal are forms of business. People leave them out as they please, but two that are stated are two companies.
var legal = map[string]bool{}

// vague are words that say of a name that it is a company's, but not of which form.
var vague = map[string]bool{"co": true, "company": true}

// written are forms in full.
var written = strings.NewReplacer(
	"общество с ограниченной ответственностью", " ооо ", "товарищество с ограниченной ответственностью", " тоо ", "индивидуальный предприниматель", " ип ",
	"непубличное акционерное общество", " нао ", "публичное акционерное общество", " пао ", "открытое акционерное общество", " оао ",
	"закрытое акционерное общество", " зао ", "акционерное общество", " ао ", "limited", " ltd ",
)

func init() {
	for _, form := range strings.Fields(`ооо оао зао пао ао нао ип тоо чп чуп оду уп одо сооо ооду гуп муп фгуп гбу мбу фгбу мкоу гку ано нко тсж снт кфх
		llc ltd inc corp gmbh co plc sa ag limited company llp jsc pjsc ojsc cjsc`) {
		legal[form] = true
	}
}

var words = regexp.MustCompile(`[\p{L}\p{N}]+`)

// NameSigns are the signs to look for a company by a name somebody wrote, the surest first: its words without case and
// punctuation, and the legal form when he states one. Who leaves it out may mean a company of any form, who states it one whose card
// states the same or none. A name of less than three letters tells nobody.
func NameSigns(name string) []Sign {
	words, form := nameParts(name)
	switch {
	case words == "":
		return nil
	case form == "":
		return []Sign{Sign("n:" + words)}
	}
	return []Sign{Sign("n:" + words + " (" + form + ")"), Sign("n:" + words + " ()")}
}

// ownNameSigns are the signs a company is found by: without the form, and with the one its card states, "()" for none.
func ownNameSigns(title string) []Sign {
	words, form := nameParts(title)
	if words == "" {
		return nil
	}
	return []Sign{Sign("n:" + words), Sign("n:" + words + " (" + form + ")")}
}

func nameParts(name string) (kept, form string) {
	var rest, forms []string
	for _, word := range words.FindAllString(written.Replace(textkey.Key(name)), -1) {
		switch {
		case vague[word]:
		case legal[word]:
			forms = append(forms, word)
		default:
			rest = append(rest, word)
		}
	}
	if kept = strings.Join(rest, " "); len([]rune(kept)) < 3 || len(kept) > 300 {
		return "", ""
	}
	slices.Sort(forms)
	return kept, strings.Join(slices.Compact(forms), " ")
}

// public are the domains where anybody can have an address.
var public = map[string]bool{}

func init() {
	for _, domain := range strings.Fields(`mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru yandex.ru ya.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz
		rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru nm.ru pochta.ru hotbox.ru land.ru newmail.ru fromru.com mail.ua ukr.net i.ua meta.ua bigmir.net
		tut.by open.by mail.kz nur.kz mail.uz inbox.uz gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com
		yahoo.com ymail.com rocketmail.com aol.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net web.de t-online.de mail.com zoho.com fastmail.com
		tutanota.com tuta.io hey.com qq.com 163.com 126.com sina.com duck.com vk.com vk.ru sberbank.online`) {
		public[domain] = true
	}
}
