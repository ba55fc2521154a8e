package steer_test

import (
	"sync"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// counted makes a lazy result and counts how often its record is fetched.
func counted[T any](t *testing.T, task steer.Task[T]) (T, *int) {
	t.Helper()
	n := new(int)
	return steer.Lazy(task, func() steer.Record {
		*n++
		rec, err := steer.Fetch(t.Context(), task, nil)
		if err != nil {
			t.Error(err)
		}
		return rec
	}), n
}

// TestLazy: nothing is fetched before a number is needed, selections included, and then once.
func TestLazy(t *testing.T) {
	s, n := counted(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	top := s.Positive().Layers(0, 1).SkipFirst().LastPositions(4).Candidates(5).KeepBOS().TopK(2).Named("praise")
	entries := s.TopEntries(5)
	ablated := fake.Generate(france).Ablate(top)
	if top.Name() != "praise" || *n != 0 {
		t.Fatalf("%d fetches before a number was needed", *n)
	}
	if _, err := ablated.Request(); err != nil || *n != 1 {
		t.Fatalf("a request with a lazy circuit: %d fetches, %v", *n, err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_ = s.String() + top.String() + entries.CSV() + s.About() + s.Method() + s.Unit()
			s.ByLayer()
			s.ByLayerPos()
			s.ByToken()
			s.Labels()
			s.Warnings()
			s.Dense()
			s.Conservation()
		})
	}
	wg.Wait()
	if *n != 1 {
		t.Errorf("%d fetches, want 1", *n)
	}

	g, n := counted(t, fake.Generate(france).MaxTokens(3))
	d := g.Diff(g)
	if *n != 0 {
		t.Error("Diff fetches")
	}
	if !d.Same() || d.Common() != len(g.IDs()) || g.Text() == "" || *n != 1 {
		t.Errorf("%d fetches of a generation", *n)
	}
	p, n := counted(t, fake.Predict(france))
	if _ = p.String(); len(p.Top()) != 10 || p.Token(8).Rank != 1 || *n != 1 {
		t.Errorf("%d fetches of a prediction", *n)
	}
	k, n := counted(t, fake.Tokens(france))
	if _ = k.String(); len(k.IDs()) != 6 || *n != 1 {
		t.Errorf("%d fetches of tokens", *n)
	}
	i, n := counted(t, fake.Info())
	if _ = i.String(); i.Shape().Layers != 3 || i.Engine() == "" || *n != 1 {
		t.Errorf("%d fetches of a model's description", *n)
	}
}

// TestForeignRecord: a record that does not fit its own header shows as empty; no method panics.
func TestForeignRecord(t *testing.T) {
	for name, body := range map[string]string{
		"no body": "", "not JSON": "{", "another kind": `[1]`, "empty": `{}`,
		"no tensor": `{"shape":{"layers":2,"neurons":3},"tokens":[{"id":1}]}`,
	} {
		fetch := func() steer.Record { return steer.Record{Header: steer.Header{Body: []byte(body)}} }
		s := fake.Attribute("a").Result(fetch)
		if s.TopK(3).Len() != 0 || s.TopEntries(3).Len() != 0 || len(s.ByLayerPos()) > 2 || s.At(0, 0, 0) != 0 {
			t.Errorf("%s: the scores are not empty", name)
		}
		s.ByLayer()
		s.Versus()
		g, p := fake.Generate("a").Result(fetch), fake.Predict("a").Result(fetch)
		if g.Text() != "" || len(p.Top()) != 0 || p.Token(3).Probability != 0 {
			t.Errorf("%s: a text or a prediction out of nothing", name)
		}
		_ = s.String() + g.String() + p.String() + fake.Tokens("a").Result(fetch).String() + fake.Info().Result(fetch).String()
	}
}
