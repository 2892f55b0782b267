package client

import (
	"slices"
	"strings"

	"voronka/internal/record/schema"
)

// Key is a normalised phone ("p:+79215550142") or e-mail ("e:ivan@mail.ru").
type Key string

// PhoneKey is the key of a phone as somebody wrote it; ok is false when it is no number anybody could be recognised by.
// The extension doesn't count.
func PhoneKey(phone, region string) (Key, bool) {
	normal, ok := schema.NormalPhone(phone, region)
	if !ok {
		return "", false
	}
	return phoneKey(normal)
}

func phoneKey(normal string) (Key, bool) {
	number, _ := schema.SplitExtension(normal)
	if !strings.HasPrefix(number, "+") { // not a valid number: «12-34» may be anybody's
		return "", false
	}
	return Key("p:" + number), true
}

// EmailKey is the key of an e-mail as somebody wrote it; ok is false when it is none.
func EmailKey(email string) (Key, bool) {
	_, normal, ok := schema.NormalEmail(email)
	return Key("e:" + normal), ok
}

// KeysOf are the keys in the phones and e-mails of a record, in the order of fields, each once.
func KeysOf(typ *schema.Type, data func(*schema.Field) schema.Datum) []Key {
	var keys []Key
	for _, f := range typ.Fields {
		if f.Kind != schema.Phone && f.Kind != schema.Email {
			continue
		}
		for _, item := range data(f).Many {
			key, ok := Key("e:"+item.Norm), item.Norm != ""
			if f.Kind == schema.Phone {
				key, ok = phoneKey(item.Norm)
			}
			if ok && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
