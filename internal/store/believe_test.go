package store

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// The record of another question is refused, whatever differs, and not kept.
func TestMemoRefusesAnotherQuestionsAnswer(t *testing.T) {
	for name, change := range map[string]func(r *steer.Request){
		"settings": func(r *steer.Request) { r.Settings = json.RawMessage(`{"prompt":"France"}`) },
		"version":  func(r *steer.Request) { r.Version++ },
		"kind":     func(r *steer.Request) { r.Kind = "generate" },
	} {
		s := open(t)
		liar := steer.RunnerFunc(func(_ context.Context, r steer.Request, _ func(steer.Event)) (steer.Record, error) {
			rec := record(1, 4)
			rec.Header.Request = r
			change(&rec.Header.Request)
			return rec, nil
		})
		if _, err := Memo(liar, s, identity).Run(t.Context(), request(1), nil); !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), "another question") {
			t.Errorf("%s: %v", name, err)
		}
		if n, err := s.Stats(); err != nil || n.Files != 0 {
			t.Errorf("%s: kept: %+v, %v", name, n, err)
		}
	}
}

// Settings that differ only in their white space are the same question.
func TestMemoComparesMeaning(t *testing.T) {
	spaced := steer.RunnerFunc(func(_ context.Context, r steer.Request, _ func(steer.Event)) (steer.Record, error) {
		rec := record(1, 4)
		r.Settings = json.RawMessage(strings.ReplaceAll(string(r.Settings), ":", ": "))
		rec.Header.Request = r
		return rec, nil
	})
	if _, err := Memo(spaced, open(t), identity).Run(t.Context(), request(1), nil); err != nil {
		t.Error(err)
	}
}

// What Check refuses is neither kept nor, where it lies there already, believed.
func TestCheckedRecords(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	ref := put(t, s, record(1, 4)) // by somebody who does not look
	bad := errors.New("its body does not fit")
	s.Check = func(steer.Record) error { return bad }
	if err := s.Put(request(2).Ref(model), record(2, 4)); err == nil || !strings.Contains(err.Error(), bad.Error()) {
		t.Error("kept:", err)
	}
	if _, ok, err := s.Get(ref); ok || err != nil {
		t.Error("believed:", err)
	}
	if _, err := os.Stat(strings.TrimSuffix(s.Path(ref), suffix) + damaged); err != nil {
		t.Error("not set aside:", err)
	}
	if _, err := Memo(counting(&runs), s, identity).Run(t.Context(), request(3), nil); !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), bad.Error()) {
		t.Error("answered:", err)
	}
}

// A runner that panics is an error of its request.
func TestMemoSurvivesAPanic(t *testing.T) {
	wild := steer.RunnerFunc(func(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
		var none []int
		_ = none[len(none)]
		return steer.Record{}, nil
	})
	m := Memo(wild, open(t), identity)
	for range 2 {
		if _, err := m.Run(t.Context(), request(1), nil); !errors.Is(err, engine.Internal) {
			t.Error(err)
		}
	}
}
