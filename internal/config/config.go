// Package config is every setting of the program in one documented struct, and where each value came from: a flag, the
// environment, the file voronka.yaml in the data folder, or the default. What administrators change while the program runs
// (people, pipelines, the company's name) is no setting but data.
package config

import (
	"runtime/debug"
	"time"
)

// Version of the program; releases set it when they are linked.
var Version = "dev"

// FullVersion is Version, or what the Go tool knows of a build without one.
func FullVersion() string {
	if Version != "dev" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev-" + s.Value[:12]
			}
		}
	}
	return Version
}

// Config are all settings. The tags are the documentation: doc in English, ru in Russian, def the default. Flags are --name,
// environment variables VORONKA_NAME, keys of the file name.
type Config struct {
	Common `embed:""`
	Server `embed:""`
}

// Common are the settings of every command.
type Common struct {
	Data      string `name:"data" placeholder:"DIR" def:"voronka-data" doc:"Folder with everything: database, files, settings file, certificates." ru:"Папка со всем: база данных, файлы, файл настроек, сертификаты."`
	Database  string `name:"database" placeholder:"DSN" secret:"true" doc:"PostgreSQL to use instead of the embedded database, postgres://user:password@host/name." ru:"PostgreSQL вместо встроенной базы, postgres://user:password@host/name."`
	LogLevel  string `name:"log-level" placeholder:"LEVEL" def:"info" enum2:"debug,info,warn,error" doc:"What is logged: debug, info, warn or error." ru:"Что пишется в журнал: debug, info, warn или error."`
	LogFormat string `name:"log-format" placeholder:"FORMAT" def:"text" enum2:"text,json" doc:"How it is logged: text or json." ru:"В каком виде: text или json."`
}

// Server are the settings of the server.
type Server struct {
	Listen         string        `name:"listen" placeholder:"ADDRESS" def:"127.0.0.1:8080" doc:"Address and port to listen on. 0.0.0.0:8080 lets other machines in." ru:"Адрес и порт. 0.0.0.0:8080 пустит с других машин."`
	BaseURL        string        `name:"base-url" placeholder:"URL" doc:"How the portal is reached from outside, https://crm.example.com. Found out by itself when empty." ru:"Как портал виден снаружи, https://crm.example.com. Если пусто, определяется сам."`
	TLSCert        string        `name:"tls-cert" placeholder:"FILE" doc:"Certificate in PEM, with its chain. Read anew when it changes." ru:"Сертификат в PEM вместе с цепочкой. Перечитывается, когда меняется."`
	TLSKey         string        `name:"tls-key" placeholder:"FILE" doc:"Its private key in PEM." ru:"Его закрытый ключ в PEM."`
	ACMEDomain     []string      `name:"acme-domain" placeholder:"NAME" doc:"Names to get certificates for from Let's Encrypt. Listen on port 443 then; port 80 is used for the check." ru:"Имена, для которых получать сертификаты Let's Encrypt. Тогда слушайте порт 443; порт 80 нужен для проверки."`
	ACMEEmail      string        `name:"acme-email" placeholder:"EMAIL" doc:"Whom Let's Encrypt writes to when a certificate runs out." ru:"Кому Let's Encrypt напишет, если сертификат кончается."`
	PushLoopback   bool          `name:"push-loopback" def:"false" doc:"Lets pushes go to services on this machine, without encryption. For tests only." ru:"Разрешает отправлять уведомления службам на этой машине, без шифрования. Только для проверок."`
	TrustedProxies []string      `name:"trusted-proxies" placeholder:"NETWORKS" doc:"Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, 127.0.0.1 or 10.0.0.0/8." ru:"Прокси, чьим X-Forwarded-For и X-Forwarded-Proto верить: 127.0.0.1 или 10.0.0.0/8."`
	MetricsToken   string        `name:"metrics-token" placeholder:"TOKEN" secret:"true" doc:"Bearer token for /metrics. Without one only this machine may read them." ru:"Токен для /metrics. Без него их читает только эта машина."`
	LimitBody      Size          `name:"limit-body" placeholder:"SIZE" def:"1MB" doc:"Longest request." ru:"Самый длинный запрос."`
	LimitUpload    Size          `name:"limit-upload" placeholder:"SIZE" def:"100MB" doc:"Biggest file." ru:"Самый большой файл."`
	InFlight       int           `name:"in-flight" placeholder:"N" def:"16" doc:"Requests worked on at once; a few more wait, beyond that the answer is 503." ru:"Сколько запросов выполняется сразу; ещё немного ждут, остальным отвечает 503."`
	RatePerSecond  float64       `name:"rate-per-second" placeholder:"N" def:"50" doc:"Requests a second of one person, or of one address without login." ru:"Запросов в секунду от одного человека или с одного адреса без входа."`
	RequestTimeout time.Duration `name:"request-timeout" placeholder:"TIME" def:"30s" doc:"Longest time for one request." ru:"Наибольшее время одного запроса."`
	StopTimeout    time.Duration `name:"stop-timeout" placeholder:"TIME" def:"15s" doc:"How long a stop waits for what is running." ru:"Сколько при остановке ждать то, что выполняется."`
	Readers        int           `name:"readers" placeholder:"N" def:"4" doc:"Reading connections of the embedded database." ru:"Читающих соединений встроенной базы."`
	Connections    int           `name:"connections" placeholder:"N" def:"16" doc:"Connections to PostgreSQL." ru:"Соединений с PostgreSQL."`
	MemoryLimit    Size          `name:"memory-limit" placeholder:"SIZE" def:"48MB" doc:"From here on memory is collected more eagerly; no hard bound." ru:"С этого объёма память собирается усерднее; это не жёсткая граница."`
	OpenBrowser    bool          `name:"open-browser" def:"false" doc:"Open the portal in a browser once it runs." ru:"Открыть портал в браузере, когда он запустится."`
}
