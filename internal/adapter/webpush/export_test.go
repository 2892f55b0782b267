package webpush

import (
	"context"
	"net/http"
)

// ErrPrivate is errPrivate.
var ErrPrivate = errPrivate

// Dial makes a connection as a push does.
func (p *Pusher) Dial(ctx context.Context, address string) error {
	c, err := p.client.Transport.(*http.Transport).DialContext(ctx, "tcp", address)
	if err == nil {
		err = c.Close()
	}
	return err
}
