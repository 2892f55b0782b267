// Package smtp hands letters to a mail server. It says whether the server took a letter and, if not, whether it is the way
// to the server, its certificate, the password, the recipient or the letter; what follows from that is mail's business.
package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"voronka/internal/work/mail"
)

// timeout is for one letter from the first packet to the last; it lies well inside the lease of a job.
const timeout = 45 * time.Second

// Sender speaks SMTP. The zero value trusts the certificates the system trusts.
type Sender struct {
	// Roots are the authorities to trust instead; for tests.
	Roots *x509.CertPool
}

var _ mail.Sender = Sender{}

// Send implements mail.Sender. Without encryption nothing is sent unless the settings say so, and a password never.
func (s Sender) Send(ctx context.Context, o mail.Settings, l mail.Letter) error {
	m, err := message(o, l)
	if err != nil {
		return &mail.Problem{Reason: "settings", Permanent: true, Err: err}
	}
	c, err := s.client(o)
	if err != nil {
		return &mail.Problem{Reason: "settings", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := c.DialWithContext(ctx); err != nil {
		return dialled(err)
	}
	defer func() { _ = c.Close() }() // the letter is through or not; a bad good-bye changes nothing
	if err := c.Send(m); err != nil && !m.IsDelivered() {
		return refused(err)
	}
	return nil
}

func (s Sender) client(o mail.Settings) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(o.Port), gomail.WithTimeout(timeout), gomail.WithoutNoop(),
		gomail.WithTLSConfig(&tls.Config{ServerName: strings.Trim(o.Host, "[]"), RootCAs: s.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch o.Security {
	case mail.TLS:
		options = append(options, gomail.WithSSL())
	case mail.Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if o.User != "" && o.Security != mail.Plain {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(o.User), gomail.WithPassword(o.Password))
	}
	return gomail.NewClient(strings.Trim(o.Host, "[]"), options...)
}

func message(o mail.Settings, l mail.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP))
	if err := m.FromFormat(o.FromName, o.From); err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	if err := m.AddToFormat(l.ToName, l.To); err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.CreatedAt.Time())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence note shall answer it
	m.SetGenHeader("Content-Language", l.Lang)
	m.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(l.Body, "\r\n", "\n"))
	return m, nil
}

// dialled says why there is no conversation: the way, the certificate or the password.
func dialled(err error) error {
	var reply *textproto.Error
	var wrong *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var network *net.OpError
	text := err.Error()
	reason := "connect"
	switch {
	case errors.As(err, &wrong), errors.As(err, &record), errors.As(err, &alert), strings.Contains(text, "STARTTLS"), strings.Contains(text, "tls:"), strings.Contains(text, "x509:"):
		reason = "tls"
	case errors.As(err, &network):
	case strings.Contains(strings.ToLower(text), "auth"), errors.As(err, &reply) && (reply.Code == 535 || reply.Code == 534 || reply.Code == 530):
		reason = "auth"
	}
	return &mail.Problem{Reason: reason, Err: err}
}

// refused says what the server didn't like. A refused recipient or content stays refused; a sender it doesn't know may be
// put right in the settings.
func refused(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return &mail.Problem{Reason: "connect", Err: err}
	}
	final := !e.IsTemp() && e.ErrorCode() >= 500
	switch e.Reason {
	case gomail.ErrSMTPRcptTo:
		if code := e.ErrorCode(); final && code != 530 && code != 554 {
			return &mail.Problem{Reason: "recipient", Permanent: true, Err: err}
		}
		return &mail.Problem{Reason: "refused", Err: err}
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return &mail.Problem{Reason: "refused", Permanent: final, Err: err}
	case gomail.ErrConnCheck, gomail.ErrAmbiguous:
		return &mail.Problem{Reason: "connect", Err: err}
	}
	return &mail.Problem{Reason: "refused", Err: err}
}
