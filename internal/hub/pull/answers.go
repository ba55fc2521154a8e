package pull

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A later error is one that may not be there at the next attempt.
type later struct {
	err  error
	wait time.Duration // that the server asks for
}

// Error implements error.
func (l *later) Error() string { return l.err.Error() }

// Unwrap lets errors.Is see what it was.
func (l *later) Unwrap() error { return l.err }

// temporary returns an error of the network as one that may pass, or nil where it will not.
func temporary(err error) *later {
	if l, ok := errors.AsType[*later](err); ok {
		return l
	}
	if errors.Is(err, errLoop) || errors.Is(err, errDown) {
		return nil
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return nil
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return nil
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errSlow) {
		return &later{err: err}
	}
	return nil
}

// patiently calls f until it succeeds, fails for good, or has brought nothing several times in a row. f says whether it
// has brought something.
func (p *puller) patiently(ctx context.Context, f func() (bool, error)) error {
	wait := p.pause
	for n := 1; ; n++ {
		some, err := f()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if some {
			n, wait = 1, p.pause
		}
		l := temporary(err)
		if l == nil || n >= attempts || l.wait > 2*p.patience {
			return err
		}
		rest := max(wait, l.wait)
		p.progress(fmt.Sprintf("%s: %v; once more in %v", p.client.endpoint, err, rest))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rest):
		}
		wait *= 2
	}
}

// status returns the mistake that an answer is, nil for one of success. what is a file, or empty for the repository.
// The hub says what is wrong in X-Error-Code and X-Error-Message.
func (p *puller) status(a *http.Response, what string) error {
	repo := p.name.Repo
	if what == "" {
		what = repo
	}
	unknown := func(format string, args ...any) *engine.Error {
		return engine.Errorf(engine.UnknownModel, p.say, format, args...)
	}
	code, said := a.Header.Get("X-Error-Code"), strings.TrimSpace(a.Header.Get("X-Error-Message"))
	if said != "" {
		said = fmt.Sprintf(" (it says: %.200q)", said)
	}
	answer := strings.TrimSpace(fmt.Sprint(a.StatusCode, " ", http.StatusText(a.StatusCode))) // in the server's words it could be anything
	page, tokens := p.client.endpoint+"/"+repo, p.client.endpoint+"/settings/tokens"
	switch s := a.StatusCode; {
	case s == http.StatusOK || s == http.StatusPartialContent:
		return nil
	case code == "GatedRepo":
		e := unknown("%s is gated: its authors decide who may have it%s", repo, said)
		if p.client.token == "" {
			return e.Try("ask for access at %s, then set HF_TOKEN to a token of your account, from %s", page, tokens)
		}
		return e.Try("ask for access at %s with the account of the token in %s", page, p.client.from)
	case code == "RevisionNotFound":
		return unknown("%s has no revision %q%s", repo, p.name.Revision, said).Try("see what it has at %s/tree/main", page)
	case code == "EntryNotFound":
		return unknown("%s has no file %s in this revision%s", repo, what, said).Try("see what it has at %s/tree/%s", page, p.name.Revision)
	case s == http.StatusUnauthorized && p.client.token != "" && code != "RepoNotFound":
		return unknown("%s does not take the token of %s%s", p.client.endpoint, p.client.from, said).Try("make a new one at %s, or do without", tokens)
	case code == "RepoNotFound" || s == http.StatusNotFound || s == http.StatusUnauthorized: // 401 is what nobody's name gets
		e := unknown("there is no model %s at %s, or it is private%s", repo, p.client.endpoint, said)
		if p.client.token == "" {
			return e.Try("check the name; for a private model set HF_TOKEN to a token, from %s", tokens)
		}
		return e.Try("check the name, and that the account of the token in %s may see it", p.client.from)
	case s == http.StatusForbidden:
		return unknown("%s does not give %s to this account%s", p.client.endpoint, what, said).Try("ask for access at %s, and see that the token may read: %s", page, tokens)
	case s == http.StatusTooManyRequests:
		wait := retryAfter(a.Header.Get("Retry-After"))
		e := unknown("%s answers that it has been asked too often%s", p.client.endpoint, said)
		if wait > 0 {
			return &later{e.Try("type the same again in %v: it goes on where this ended", wait), wait}
		}
		return &later{e.Try("type the same again later: it goes on where this ended"), 0}
	case s >= http.StatusInternalServerError || s == http.StatusRequestTimeout:
		return &later{unknown("%s answers %s%s", p.client.endpoint, answer, said).
			Try("type the same again later: it goes on where this ended"), retryAfter(a.Header.Get("Retry-After"))}
	}
	return unknown("%s answers %s for %s%s", p.client.endpoint, answer, what, said).Try("see %s", page)
}

// retryAfter reads the header of that name: seconds, or a time.
func retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 && n < 1<<24 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, time.Until(t).Round(time.Second))
	}
	return 0
}
