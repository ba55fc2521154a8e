package steertest

import (
	"bytes"
	"sync"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func testSame(t *testing.T, r rig) {
	for name, q := range r.requests(t) {
		sameRecord(t, name, r.run(t, name, q), r.run(t, name, q))
	}
}

// testHeader: a record says what made it, and its tensors are whole.
func testHeader(t *testing.T, r rig) {
	for name, q := range r.requests(t) {
		rec := r.run(t, name, q)
		h := rec.Header
		if h.Request.Kind != q.Kind || h.Request.Version != q.Version || !bytes.Equal(h.Request.Settings, q.Settings) {
			t.Errorf("%s: the record holds the request %+v, want %+v", name, h.Request, q)
		}
		if h.Engine == "" || h.Model == "" || h.Identity.Model == "" || h.Identity.Tokenizer == "" || h.Tool == "" || len(h.Body) == 0 {
			t.Errorf("%s: the header %+v lacks its engine, model, identity, tool or body", name, h)
		}
		if err := rec.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// testForks: what is described on top of a task changes neither the task nor its other forks.
func testForks(t *testing.T, r rig) {
	base := r.m.Attribute(r.p.Prompt).Target(r.p.Target)
	before, err := base.Request()
	if err != nil {
		t.Fatal(err)
	}
	c := steer.NewCircuit("one", engine.Neuron{Layer: 0, Index: 0})
	a, b := base.Scale(c, 2).Versus(r.p.Versus), base.Scale(c, 3)
	qa, err := a.Request()
	if err != nil {
		t.Fatal(err)
	}
	qb, err := b.Request()
	if err != nil {
		t.Fatal(err)
	}
	want := r.run(t, "fork", qa)
	r.run(t, "other fork", qb)
	sameRecord(t, "a fork after another ran", r.run(t, "fork", qa), want)
	if after, err := base.Request(); err != nil || !bytes.Equal(after.Settings, before.Settings) {
		t.Errorf("forks changed the task:\n%s\nwas\n%s (%v)", after.Settings, before.Settings, err)
	}
}

// testTogether: concurrent requests give what they give one by one.
func testTogether(t *testing.T, r rig) {
	all := r.requests(t)
	want := map[string]steer.Record{}
	for name, q := range all {
		want[name] = r.run(t, name, q)
	}
	var wg sync.WaitGroup
	for range 2 {
		for name, q := range all {
			wg.Go(func() {
				got, err := r.m.Runner().Run(t.Context(), q, nil)
				if err != nil {
					t.Errorf("%s beside others: %v", name, err)
					return
				}
				sameRecord(t, name+" beside others", got, want[name])
			})
		}
	}
	wg.Wait()
}
