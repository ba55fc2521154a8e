//go:build linux

package server_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A request that panics is an error of its own: the process stays, with the models that it has open and what others ask.
func TestPanicOfARequest(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	first := pid(t, s)
	err := run(t, s, settings{Do: "panic", Numbers: 3})
	if !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), "index out of range") || strings.Contains(err.Error(), "goroutine") {
		t.Error(err)
	}
	_, err = resident.New(s, "panics").Run(t.Context(), request(settings{}), nil)
	if !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), "at the door") {
		t.Error("while a model is opened:", err)
	}
	if err := run(t, s, settings{Numbers: 2}); err != nil || pid(t, s) != first || marks("open-teaching") != 1 {
		t.Error("the process did not stay:", err)
	}
	if b, err := os.ReadFile(s.Log()); err != nil || !strings.Contains(string(b), "main_test.go") {
		t.Error("the log does not say where:", err)
	}
}

// A model that is slow to open keeps nobody who leaves; who stays gets it, although somebody else began to open it.
func TestOpeningIsShared(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil { // the process runs
		t.Fatal(err)
	}
	ask := func(ctx context.Context, loading chan<- bool) <-chan error {
		end := make(chan error, 1)
		go func() {
			_, err := resident.New(s, "slow to open").Run(ctx, request(settings{Numbers: 2}), func(e steer.Event) {
				if e.Phase == "load" && loading != nil {
					close(loading)
				}
			})
			end <- err
		}()
		return end
	}
	ctx, cancel := context.WithCancel(t.Context())
	loading, also := make(chan bool), make(chan bool)
	first := ask(ctx, loading)
	<-loading
	second := ask(t.Context(), also)
	<-also // who comes later sees the progress too
	cancel()
	start := time.Now()
	if err := <-first; !errors.Is(err, context.Canceled) || time.Since(start) > 500*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	if err := <-second; err != nil {
		t.Error("who stayed:", err)
	}
	if n := marks("open-slow to open"); n != 1 {
		t.Errorf("opened %d times", n)
	}
}

// An opening that everybody has left is not repeated when it succeeds all the same.
func TestOpeningThatEverybodyLeft(t *testing.T) {
	s := session(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := resident.New(s, "deaf").Run(ctx, request(settings{Numbers: 2}), func(e steer.Event) {
		if e.Phase == "load" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := resident.New(s, "deaf").Run(t.Context(), request(settings{Numbers: 2}), nil); err != nil {
		t.Error(err)
	}
	if n := marks("open-deaf"); n != 1 {
		t.Errorf("opened %d times", n)
	}
}

// A client that asks a great deal before it listens gets all its answers; one that never listens is cut off, and meanwhile
// keeps nobody else from theirs.
func TestClientThatDoesNotListen(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	nonce, err := os.ReadFile(filepath.Join(s.Folder, "nonce"))
	if err != nil {
		t.Fatal(err)
	}
	greet := func() *resident.Conn {
		t.Helper()
		rw, err := net.Dial("unix", filepath.Join(s.Folder, "engine.sock"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { rw.Close() })
		c, err := resident.Greet(rw, resident.Hello{Protocol: resident.Protocol, Nonce: string(nonce)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ask := func(c *resident.Conn, id int) error {
		return c.Send(resident.Frame{Type: resident.TypeRun, ID: uint64(id), Run: &resident.Run{Model: "teaching", Request: request(settings{Do: "fail"})}})
	}
	const all = 1000
	patient, deaf := greet(), greet()
	start := time.Now()
	for id := range all {
		if err := ask(patient, id+1); err != nil {
			t.Fatalf("after %d requests and %v: %v", id, time.Since(start), err)
		}
	}
	cut := make(chan time.Duration, 1)
	go func() {
		start := time.Now()
		for id := 1; ask(deaf, id) == nil; id++ {
		}
		cut <- time.Since(start)
	}()
	for n := 0; n < all; {
		f, err := patient.Receive()
		if err != nil {
			t.Fatalf("after %d answers: %v", n, err)
		}
		if f.Type == resident.TypeError {
			n++
		}
	}
	if err := run(t, s, settings{Numbers: 2}); err != nil {
		t.Error("somebody else:", err)
	}
	if d := <-cut; d > 10*time.Second {
		t.Errorf("the deaf client was heard for %v", d)
	}
	within(t, 2*time.Second, "rest", func() bool {
		st, _, err := s.Status(t.Context())
		return err == nil && st.Running == 0
	})
}
