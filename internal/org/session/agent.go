package session

import "strings"

// Agent is what a browser says of itself, in words.
type Agent struct {
	Browser string // "Firefox"; "" unknown
	OS      string // "Windows", "Android" …; "" unknown
}

// Family is the same for all versions of a browser on a system.
func (a Agent) Family() string { return a.Browser + "/" + a.OS }

// The first word found counts: browsers also claim to be those they descend from.
var (
	browsers = [][2]string{
		{"YaBrowser/", "Yandex Browser"},
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Vivaldi/", "Vivaldi"},
		{"FxiOS/", "Firefox"},
		{"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
		{"Go-http-client", "Go"},
		{"python-requests", "Python"},
	}
	systems = [][2]string{
		{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// AgentOf reads a User-Agent.
func AgentOf(text string) Agent {
	return Agent{Browser: first(browsers, text), OS: first(systems, text)}
}

func first(words [][2]string, text string) string {
	for _, w := range words {
		if strings.Contains(text, w[0]) {
			return w[1]
		}
	}
	return ""
}
