package steertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func testCanceledBefore(t *testing.T, r rig) {
	if err := r.inTime(t, canceled(t), r.long(t, 2), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a request under a canceled context gives %v, want context.Canceled", err)
	}
	r.run(t, "the next request", r.long(t, 2))
}

func testCanceledDuring(t *testing.T, r rig) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	steps := 0
	err := r.inTime(t, ctx, r.long(t, 3), func(e steer.Event) {
		if steps++; e.Phase == "generate" {
			cancel()
		}
	})
	if steps == 0 {
		t.Fatal("a new generation sends no event, so nothing can be seen of its progress")
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a request canceled at its first token gives %v after %d events, want context.Canceled", err, steps)
	}
	r.run(t, "the request again", r.long(t, 3))
}

func testDeadline(t *testing.T, r rig) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if err := r.inTime(t, ctx, r.long(t, 4), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a request past its deadline gives %v, want context.DeadlineExceeded", err)
	}
}

// testMistakesCross: every mistake of a request arrives with its code, task, text and hint, all joined.
func testMistakesCross(t *testing.T, r rig) {
	_, err := r.m.Attribute(r.p.Prompt).Target(r.p.Split).At(100_000).Run(t.Context())
	if !errors.Is(err, engine.NotOneToken) || !errors.Is(err, engine.BadSetting) {
		t.Fatalf("two mistakes give %v, want the codes %q and %q", err, engine.NotOneToken, engine.BadSetting)
	}
	es := engine.Mistakes(err)
	if len(es) != 2 {
		t.Fatalf("%d mistakes arrive, want 2: %v", len(es), err)
	}
	for _, e := range es {
		if e.Task != "attribute" || e.Text == "" || e.Hint == "" {
			t.Errorf("the mistake %+v lacks its task, text or hint", e)
		}
	}
	if want := fmt.Sprintf("target %q is", r.p.Split); !strings.Contains(err.Error(), want) {
		t.Errorf("the message %q does not say %q", err, want)
	}
	_, err = r.m.Predict(r.p.Prompt).Ablate(steer.NewCircuit("far", engine.Neuron{Layer: 1 << 20, Index: 0})).Run(t.Context())
	if !errors.Is(err, engine.ModelMismatch) {
		t.Errorf("a neuron outside the model gives %v, want the code %q", err, engine.ModelMismatch)
	}
}

func testUnknown(t *testing.T, r rig) {
	q := r.long(t, 5)
	newer := q
	newer.Version += 1000
	for name, q := range map[string]steer.Request{
		"an unknown kind":          {Kind: "guess", Version: 1, Settings: q.Settings},
		"no kind":                  {},
		"an unknown version":       newer,
		"unknown settings":         {Kind: q.Kind, Version: q.Version, Settings: json.RawMessage(`{"mood":"good"}`)},
		"settings of another type": {Kind: q.Kind, Version: q.Version, Settings: json.RawMessage(`[1,2]`)},
		"no settings":              {Kind: q.Kind, Version: q.Version},
	} {
		refused(t, name, func() error {
			_, err := r.m.Runner().Run(t.Context(), q, nil)
			if err != nil && !errors.Is(err, engine.BadRequest) {
				t.Errorf("%s gives %v, want the code %q", name, err, engine.BadRequest)
			}
			return err
		})
	}
	r.run(t, "a good request after bad ones", q)
}

// testOthers: a request goes on when another one is canceled.
func testOthers(t *testing.T, r rig) {
	want := r.run(t, "alone", r.long(t, 6))
	var wg sync.WaitGroup
	wg.Go(func() {
		got, err := r.m.Runner().Run(t.Context(), r.long(t, 6), nil)
		if err != nil {
			t.Errorf("beside a canceled request: %v", err)
			return
		}
		sameRecord(t, "beside a canceled request", got, want)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_ = r.inTime(t, ctx, r.long(t, 7), func(steer.Event) { cancel() })
	wg.Wait()
}
