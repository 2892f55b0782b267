package webpush_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/webpush"
	"voronka/internal/work/notify"
)

// decipher opens a push as a browser does (RFC 8291, RFC 8188).
func decipher(body []byte, browser *ecdh.PrivateKey, auth []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, errors.New("too short")
	}
	salt, size, sealed := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21+int(body[20]):]
	sender, err := ecdh.P256().NewPublicKey(body[21 : 21+int(body[20])])
	if err != nil {
		return nil, err
	}
	if len(sealed) > int(size) {
		return nil, errors.New("more than one record")
	}
	secret, err := browser.ECDH(sender)
	if err != nil {
		return nil, err
	}
	info := slices.Concat([]byte("WebPush: info\x00"), browser.PublicKey().Bytes(), sender.Bytes())
	ikm, err := hkdf.Key(sha256.New, secret, auth, string(info), 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	if err != nil {
		return nil, err
	}
	plain = []byte(strings.TrimRight(string(plain), "\x00"))
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		return nil, errors.New("no end of the last record")
	}
	return plain[:len(plain)-1], nil
}

func unbase(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The example of RFC 8291, section 5 and appendix A: it proves the browser of these tests, which then proves what we send.
func TestTheBrowserOfTheseTestsReadsTheExampleOfTheRFC(t *testing.T) {
	browser, err := ecdh.P256().NewPrivateKey(unbase(t, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	if got := base64.RawURLEncoding.EncodeToString(browser.PublicKey().Bytes()); got != "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4" {
		t.Fatal(got)
	}
	body := unbase(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	plain, err := decipher(body, browser, unbase(t, "BTBZMqHH6r4Tts7J_aSIgg"))
	if err != nil || string(plain) != "When I grow up, I want to be a watermelon" {
		t.Errorf("%q %v", plain, err)
	}
}

// fake is a push service on this machine with the browser behind it; no service of the world is asked in tests.
type fake struct {
	*httptest.Server
	browser *ecdh.PrivateKey
	auth    []byte
	status  int
	got     []*http.Request
	text    []string
}

func newFake(t *testing.T, secured bool) *fake {
	t.Helper()
	f := &fake{auth: make([]byte, 16), status: http.StatusCreated}
	var err error
	if f.browser, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	_, _ = rand.Read(f.auth)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		plain, err := decipher(body, f.browser, f.auth)
		if err != nil {
			t.Errorf("what came can't be read: %v", err)
		}
		f.got, f.text = append(f.got, r), append(f.text, string(plain))
		if f.status == http.StatusTemporaryRedirect {
			w.Header().Set("Location", "http://127.0.0.1:1/")
		}
		w.WriteHeader(f.status)
	})
	f.Server = httptest.NewUnstartedServer(h)
	if secured {
		f.StartTLS()
	} else {
		f.Start()
	}
	t.Cleanup(f.Close)
	return f
}

func (f *fake) subscription() notify.Subscription {
	return notify.Subscription{
		Endpoint: f.URL + "/send/1", P256dh: base64.RawURLEncoding.EncodeToString(f.browser.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(f.auth),
	}
}

func keysOf(t *testing.T, p *webpush.Pusher) notify.Keys {
	t.Helper()
	public, private, err := p.Make()
	if err != nil {
		t.Fatal(err)
	}
	return notify.Keys{Public: public, Private: private}
}

func TestPush(t *testing.T) {
	f := newFake(t, false)
	p := webpush.New(true, nil)
	m := notify.Message{Payload: []byte(`{"title":"Вам предложено"}`), Topic: "offer-1", TTL: 90 * time.Second, Urgent: true, Contact: "mailto:a@example.com"}
	if err := p.Push(t.Context(), keysOf(t, p), f.subscription(), m); err != nil {
		t.Fatal(err)
	}
	r := f.got[0]
	if f.text[0] != string(m.Payload) || r.Header.Get("TTL") != "90" || r.Header.Get("Urgency") != "high" || r.Header.Get("Topic") != "offer-1" ||
		r.Header.Get("Content-Encoding") != "aes128gcm" || !strings.HasPrefix(r.Header.Get("Authorization"), "vapid t=") {
		t.Errorf("%q %v", f.text[0], r.Header)
	}
	token := strings.Split(strings.TrimPrefix(strings.Split(r.Header.Get("Authorization"), ",")[0], "vapid t="), ".")
	if claims := string(unbase(t, token[1])); !strings.Contains(claims, `"aud":"`+f.URL+`"`) || !strings.Contains(claims, `"sub":"mailto:a@example.com"`) {
		t.Error(claims)
	}
}

func TestWhatAPushServiceAnswers(t *testing.T) {
	f := newFake(t, false)
	p := webpush.New(true, nil)
	keys := keysOf(t, p)
	for status, want := range map[int]error{
		http.StatusCreated: nil, http.StatusNotFound: notify.ErrGone, http.StatusGone: notify.ErrGone, http.StatusBadRequest: notify.ErrRefused,
		http.StatusRequestEntityTooLarge: notify.ErrRefused, http.StatusTemporaryRedirect: notify.ErrRefused,
	} {
		f.status = status
		if err := p.Push(t.Context(), keys, f.subscription(), notify.Message{Payload: []byte("{}")}); !errors.Is(err, want) || (want == nil) != (err == nil) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		f.status = status
		if err := p.Push(t.Context(), keys, f.subscription(), notify.Message{Payload: []byte("{}")}); err == nil || errors.Is(err, notify.ErrGone) || errors.Is(err, notify.ErrRefused) {
			t.Errorf("%d: %v is not tried again", status, err)
		}
	}
	if err := p.Push(t.Context(), keys, f.subscription(), notify.Message{Payload: make([]byte, 4000)}); !errors.Is(err, notify.ErrRefused) {
		t.Errorf("too long: %v", err)
	}
}

// Nobody makes the portal speak to the inside of its own network by subscribing with such an address.
func TestOnlyTheOutsideIsSpokenTo(t *testing.T) {
	f := newFake(t, true)
	p := webpush.New(false, nil)
	keys := keysOf(t, p)
	x := f.subscription()
	for _, endpoint := range []string{
		"http://push.example.com/1", "https://127.0.0.1/1", "https://[::1]/1", "https://10.1.2.3/1", "https://192.168.0.1/", "https://169.254.169.254/latest", "https://[fd00::1]/",
		"https://[::ffff:10.0.0.1]/", "https://100.64.0.1/", "https://0.0.0.0/", "https://[64:ff9b::a00:1]/", "https://localhost/1", "https://intranet/1", "https://a.localhost./", "ftp://example.com/",
		"https://user@example.com/", "https://example.com:8443/", "https:///x", "", "https://" + strings.Repeat("a", 1100) + ".com/", f.URL,
	} {
		x.Endpoint = endpoint
		if err := p.Check(x); err == nil {
			t.Errorf("%q is let through", endpoint)
		}
		if err := p.Push(t.Context(), keys, x, notify.Message{Payload: []byte("{}")}); !errors.Is(err, notify.ErrRefused) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
	for _, endpoint := range []string{"https://fcm.googleapis.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/x", "https://wns2-par02p.notify.windows.com/w/?token=x"} {
		x.Endpoint = endpoint
		if err := p.Check(x); err != nil {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
	x.P256dh = "AAAA"
	if err := p.Check(x); err == nil {
		t.Error("a key that is none is let through")
	}
	if len(f.got) != 0 {
		t.Error("somebody inside was asked")
	}
}

// A name that looks public may lead inside: the address is looked at when the connection is made.
func TestANameThatLeadsInside(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	p := webpush.New(false, nil)
	if err := p.Dial(ctx, "127.0.0.1:1"); !errors.Is(err, webpush.ErrPrivate) {
		t.Errorf("%v", err)
	}
	if err := webpush.New(true, nil).Dial(ctx, "127.0.0.1:1"); err == nil || errors.Is(err, webpush.ErrPrivate) {
		t.Errorf("for tests: %v", err)
	}
}
