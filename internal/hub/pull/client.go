package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type timing = time.Duration

const (
	patience = 30 * time.Second // with a server that sends nothing, or next to nothing
	pause    = time.Second      // before the second attempt; it doubles
	attempts = 5                // in a row that bring nothing
	floor    = 1 << 10          // bytes within the patience that are not nothing
	most     = 10               // redirects
)

var (
	errSlow = errors.New("it sends next to nothing")
	errLoop = errors.New("it redirects in a circle")
	errDown = errors.New("it redirects from https to http")
)

// A client speaks to one endpoint.
type client struct {
	endpoint    string
	origin      string // scheme, host and port, where the token may go
	token, from string
	patience    time.Duration
	http        *http.Client
}

func newClient(patience time.Duration) (*client, error) {
	c := &client{endpoint: hub.Endpoint(), patience: patience}
	u, err := url.Parse(c.endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, engine.Errorf(engine.BadSetting, "pull", "HF_ENDPOINT is %q, which is no address", c.endpoint).
			Try("unset HF_ENDPOINT, or set it to an address such as https://hub.example.org")
	}
	c.origin = origin(u)
	c.token, c.from = hub.Token()
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // that is what it is
	t.ResponseHeaderTimeout, t.TLSHandshakeTimeout, t.DisableCompression = patience, patience, true
	c.http = &http.Client{Transport: withToken{c, t}, CheckRedirect: follow}
	return c, nil
}

// origin is what two addresses share that are of one server.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// withToken adds the token to what goes to the endpoint, and to nothing else, by whatever way it came there.
type withToken struct {
	c    *client
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	if t.c.token != "" && origin(r.URL) == t.c.origin {
		r.Header.Set("Authorization", "Bearer "+t.c.token)
	}
	return t.next.RoundTrip(r)
}

// follow decides about a redirect. A HEAD stays with its server, whose answer it is for.
func follow(r *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case r.Method == http.MethodHead && origin(r.URL) != origin(via[0].URL):
		return http.ErrUseLastResponse
	case len(via) > most:
		return errLoop
	case last.URL.Scheme == "https" && r.URL.Scheme != "https":
		return errDown
	}
	return nil
}

// do sends a request without a body. The body of the answer must be closed; it ends with errSlow when the server loses
// its voice.
func (c *client) do(ctx context.Context, method, address string, at int64) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	r.Header.Set("User-Agent", "neuronsteer")
	r.Header.Set("Accept-Encoding", "identity") // so that sizes are those of the file
	if at > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", at))
	}
	a, err := c.http.Do(r)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	b := &watched{body: a.Body, ctx: ctx, cancel: cancel}
	b.timer = time.AfterFunc(time.Hour, func() { b.watch(c.patience) })
	b.timer.Reset(c.patience) // which is after it has been assigned
	a.Body = b
	return a, nil
}

// get is a GET whose whole answer is short. check says what the answer's status is.
func (c *client) get(ctx context.Context, address string, limit int64, check func(*http.Response) error) ([]byte, error) {
	a, err := c.do(ctx, http.MethodGet, address, 0)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if err := check(a); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(a.Body, limit+1))
	if err != nil {
		err = &later{err: err}
	}
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("its answer has more than %d bytes", limit)
	}
	return b, err
}

// watched is the body of an answer that must not dry up.
type watched struct {
	body   io.ReadCloser
	ctx    context.Context //nolint:containedctx // of the one answer that this is
	cancel context.CancelCauseFunc
	timer  *time.Timer
	n      atomic.Int64 // bytes since the last look
}

func (w *watched) watch(patience time.Duration) {
	if w.n.Swap(0) < floor {
		w.cancel(errSlow)
		return
	}
	w.timer.Reset(patience)
}

// Read implements io.Reader.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.body.Read(b)
	w.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) && errors.Is(context.Cause(w.ctx), errSlow) {
		err = errSlow
	}
	return n, err
}

// Close implements io.Closer.
func (w *watched) Close() error {
	w.timer.Stop()
	w.cancel(nil)
	return w.body.Close()
}
