package study

import (
	"errors"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
)

type keeping struct {
	Backend
	kept *store.Store
	err  error
}

func (k *keeping) Keep(s *store.Store)               { k.kept = s }
func (k *keeping) Identity() (steer.Identity, error) { return steer.Identity{}, k.err }
func (k *keeping) Close() error                      { return nil }

// TestKeepsParts: a backend that keeps parts of long requests is given the study's own store, before it is asked for anything.
func TestKeepsParts(t *testing.T) {
	stop := errors.New("stop")
	k := &keeping{err: stop}
	_, err := Run(t.Context(), &Study{}, Options{Out: t.TempDir(), Open: func(string) (Backend, error) { return k, nil }})
	if !errors.Is(err, stop) || k.kept == nil {
		t.Errorf("%v, store %v", err, k.kept)
	}
}
