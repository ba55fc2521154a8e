//go:build linux

package server_test

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestKilledBetweenRequests(t *testing.T) {
	s := session(t)
	var notices []string
	s.Notice = func(n string) { notices = append(notices, n) }
	if err := run(t, s, settings{Numbers: 2}); err != nil {
		t.Fatal(err)
	}
	if len(notices) > 0 {
		t.Fatal(notices)
	}
	first := pid(t, s)
	kill(t, first)
	within(t, 5*time.Second, "the end of the process", func() bool { return pid(t, s) == 0 })
	if err := run(t, s, settings{Numbers: 3}); err != nil {
		t.Fatal(err)
	}
	if second := pid(t, s); second == first || len(notices) != 1 || !strings.Contains(notices[0], "unexpectedly") {
		t.Fatal(second, notices)
	}
}

func TestKilledDuringRequest(t *testing.T) {
	s := session(t)
	st, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s.Store = st.Dir()
	done := settings{Numbers: 5, Nth: 1}
	if err := run(t, s, done); err != nil {
		t.Fatal(err)
	}
	victim := pid(t, s)
	_, err = resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "wait"}), func(e steer.Event) {
		if e.Phase == "waits" {
			kill(t, victim)
		}
	})
	if !errors.Is(err, engine.Lost) || engine.Mistakes(err)[0].Hint == "" {
		t.Fatal(err)
	}
	if _, ok, err := st.Get(request(done).Ref(model)); !ok || err != nil {
		t.Fatal("a finished result is lost", err)
	}
	if err := run(t, s, settings{Numbers: 6}); err != nil {
		t.Fatal(err)
	}
	if now := pid(t, s); now == victim || now == 0 {
		t.Fatal(now)
	}
}

// A cell that is killed takes its request along, and no other.
func TestKilledCell(t *testing.T) {
	s := session(t)
	if err := run(t, s, settings{Numbers: 1}); err != nil {
		t.Fatal(err)
	}
	other := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		_, err := resident.New(s, "teaching").Run(t.Context(), request(settings{Do: "linger", Numbers: 1}), func(e steer.Event) {
			if e.Phase == "lingers" {
				close(started)
			}
		})
		other <- err
	}()
	<-started
	c := exec.Command(s.Program, "cell", s.Folder, "wait")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "event waits"; {
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	took := within(t, 100*time.Millisecond, "cancel", func() bool { return marks("canceled-1") == 1 })
	t.Logf("canceled after %v", took)
	c.Wait()
	if err := <-other; err != nil {
		t.Fatal("another request:", err)
	}
	within(t, time.Second, "rest", func() bool { // the answer is sent before the request is counted out
		st, _, err := s.Status(t.Context())
		return err == nil && st.Running == 0
	})
}

func TestCanceledContext(t *testing.T) {
	s := session(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := resident.New(s, "teaching").Run(ctx, request(settings{Do: "wait", Nth: 7}), func(e steer.Event) {
		if e.Phase == "waits" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	within(t, 100*time.Millisecond, "cancel", func() bool { return marks("canceled-7") == 1 })
}
