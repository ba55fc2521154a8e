package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Somebody who holds the store's locks and stands still keeps nobody from a result, kept or not; who wants to prune is
// told who it is.
func TestHeldLocksStopNothing(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	s.patience = 20 * time.Millisecond
	known := put(t, s, record(1, 4))
	for _, name := range []string{"lock", "stats.json.lock"} {
		unlock, err := lock.Try(filepath.Join(s.Dir(), name))
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
	}
	start := time.Now()
	m := Memo(counting(&runs), s, identity)
	for n := 1; n <= 2; n++ { // a hit and a miss
		rec, err := m.Run(t.Context(), request(n), nil)
		if err != nil || runs.Load() != int32(n-1) {
			t.Fatal(n, runs.Load(), err)
		}
		for _, w := range rec.Header.Warnings {
			if w.Code == "not-kept" {
				t.Error(w)
			}
		}
		if err := s.Session(os.Getpid()); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Stats(); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("it took %v", d)
	}
	_, err := s.Prune(0)
	if !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "process") {
		t.Error("the holder is not named:", err)
	}
	if _, ok, err := s.Get(known); !ok || err != nil {
		t.Error(err)
	}
}

// What could not be counted while somebody held the counters is counted later.
func TestCountersCatchUp(t *testing.T) {
	s := open(t)
	unlock, err := lock.Try(filepath.Join(s.Dir(), "stats.json.lock"))
	if err != nil {
		t.Fatal(err)
	}
	s.count(Stats{Hits: 2})
	unlock()
	s.count(Stats{Computed: 1})
	if n, err := s.Stats(); err != nil || n.Hits != 2 || n.Computed != 1 {
		t.Error(n, err)
	}
}
