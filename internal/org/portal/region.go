package portal

import "strings"

// regionOfZone names the country of zones our users live in; others follow from the language.
var regionOfZone = map[string]string{
	"Europe/Minsk": "BY", "Asia/Almaty": "KZ", "Asia/Qyzylorda": "KZ", "Asia/Aqtau": "KZ", "Asia/Aqtobe": "KZ", "Asia/Atyrau": "KZ",
	"Asia/Oral": "KZ", "Asia/Qostanay": "KZ", "Asia/Tashkent": "UZ", "Asia/Samarkand": "UZ", "Asia/Yerevan": "AM",
	"Asia/Baku": "AZ", "Asia/Tbilisi": "GE", "Asia/Bishkek": "KG", "Asia/Dushanbe": "TJ", "Asia/Ashgabat": "TM",
	"Europe/Chisinau": "MD", "Europe/Kyiv": "UA", "Europe/Kiev": "UA", "Europe/Berlin": "DE", "Europe/Paris": "FR",
	"Europe/London": "GB", "Europe/Madrid": "ES", "Europe/Rome": "IT", "Europe/Warsaw": "PL", "Europe/Istanbul": "TR",
	"Asia/Dubai": "AE", "Asia/Jerusalem": "IL", "Europe/Belgrade": "RS", "Europe/Riga": "LV", "Europe/Vilnius": "LT",
	"Europe/Tallinn": "EE", "Europe/Amsterdam": "NL", "Europe/Vienna": "AT", "Europe/Zurich": "CH", "Europe/Prague": "CZ",
}

// RegionOf guesses the region of phone numbers from zone and language.
func RegionOf(zone, lang string) string {
	if region, ok := regionOfZone[zone]; ok {
		return region
	}
	if strings.HasPrefix(zone, "America/") && lang == "en" || lang == "en" && !strings.HasPrefix(zone, "Asia/") && !strings.HasPrefix(zone, "Europe/") {
		return "US"
	}
	return "RU"
}
