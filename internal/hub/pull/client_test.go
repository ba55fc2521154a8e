package pull

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// A redirect from https to http is none: who is between could answer in the hub's place.
func TestRedirectsKeepHTTPS(t *testing.T) {
	request := func(method, address string) *http.Request {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Request{Method: method, URL: u}
	}
	for _, c := range []struct {
		method, from, to string
		want             error
	}{
		{"GET", "https://a/x", "https://b/y", nil},
		{"GET", "http://a/x", "https://b/y", nil},
		{"GET", "http://a/x", "http://b/y", nil},
		{"GET", "https://a/x", "http://a/x", errDown},
		{"HEAD", "https://a/x", "https://a:443/y", nil},
		{"HEAD", "https://a/x", "https://b/y", http.ErrUseLastResponse},
		{"HEAD", "http://a/x", "http://a:81/y", http.ErrUseLastResponse},
	} {
		if err := follow(request(c.method, c.to), []*http.Request{request(c.method, c.from)}); !errors.Is(err, c.want) {
			t.Errorf("%s %s → %s: %v, want %v", c.method, c.from, c.to, err, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for s, want := range map[string]time.Duration{"": 0, "30": 30 * time.Second, "-5": 0, "x": 0, "99999999999999999999": 0, "Mon, 02 Jan 2006 15:04:05 GMT": 0} {
		if got := retryAfter(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
	soon := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	if got := retryAfter(soon); got < 55*time.Second || got > time.Minute {
		t.Errorf("%q: %v", soon, got)
	}
}
