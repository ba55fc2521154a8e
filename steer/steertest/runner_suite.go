package steertest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// patience is how long a canceled request may take to return.
const patience = 10 * time.Second

// TestRunner holds the Runner of a model to its contract. open is called once.
func TestRunner(t *testing.T, open func(t *testing.T) *steer.Model, p Prompts) {
	r := rig{open(t), p}
	for _, c := range []struct {
		name string
		test func(*testing.T, rig)
	}{
		{"same request, same bytes", testSame},
		{"header", testHeader},
		{"forks share nothing", testForks},
		{"events", testEvents},
		{"events of a generation", testTokenEvents},
		{"nil emit", testNilEmit},
		{"canceled before", testCanceledBefore},
		{"canceled during", testCanceledDuring},
		{"deadline", testDeadline},
		{"mistakes cross unchanged", testMistakesCross},
		{"unknown requests", testUnknown},
		{"concurrent requests", testTogether},
		{"canceling one harms no other", testOthers},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, r) })
	}
}

// rig is a model under test with prompts that fit it.
type rig struct {
	m *steer.Model
	p Prompts
}

// run runs a request and fails the test on an error.
func (r rig) run(t *testing.T, name string, q steer.Request) steer.Record {
	t.Helper()
	rec, err := r.m.Runner().Run(t.Context(), q, func(steer.Event) {})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rec
}

// long returns a generation that takes many steps; different salts make different requests, so no store has it.
func (r rig) long(t *testing.T, salt int) steer.Request {
	t.Helper()
	q, err := r.m.Generate(r.p.Prompt).MaxTokens(r.p.NewTokens - salt).IgnoreEnd().Request()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// sameRecord fails the test unless two records are equal bit for bit.
func sameRecord(t *testing.T, what string, got, want steer.Record) {
	t.Helper()
	g, err1 := json.Marshal(got.Header)
	w, err2 := json.Marshal(want.Header)
	if err1 != nil || err2 != nil || string(g) != string(w) {
		t.Errorf("%s: header\n%s\nwant\n%s (%v, %v)", what, g, w, err1, err2)
	}
	if a, b := slices.Sorted(maps.Keys(got.Tensors)), slices.Sorted(maps.Keys(want.Tensors)); !slices.Equal(a, b) {
		t.Errorf("%s: tensors %v, want %v", what, a, b)
	}
	for name, x := range want.Tensors {
		if !got.Tensors[name].Equal(x) {
			t.Errorf("%s: tensor %q differs", what, name)
		}
	}
}

// inTime runs a request and fails the test when it does not return soon after its context is done.
func (r rig) inTime(t *testing.T, ctx context.Context, q steer.Request, emit func(steer.Event)) error {
	t.Helper()
	end := make(chan error, 1)
	go func() {
		_, err := r.m.Runner().Run(ctx, q, emit)
		end <- err
	}()
	select {
	case err := <-end:
		return err
	case <-time.After(patience):
		t.Fatalf("a canceled request has not returned after %v", patience)
		return nil
	}
}
