package local

import (
	"context"
	"io"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/device"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Open returns the model that ref names, its results kept in the user's store. An unknown name lists the known ones; files
// that are damaged, cut short or of another kind are errors here and not at the first result.
func Open(_ context.Context, ref string) (*steer.Model, error) {
	r, err := NewRunner(ref)
	if err != nil {
		return nil, err
	}
	s, err := store.Open("")
	if err != nil {
		return nil, err
	}
	s.Check = steer.Record.Check
	_ = s.Session(os.Getpid()) // a folder that cannot be written has nothing that somebody could prune
	id := func(context.Context) (steer.Identity, error) { return r.Identity() }
	r.Keep(s)
	return steer.New(ref, closer{r.parts, r, id}), nil
}

// Close frees the weights of a model that Open returned. Other models are left alone.
func Close(m *steer.Model) error {
	if c, ok := m.Runner().(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// closer is a memoized runner that can free what is behind the memo.
type closer struct {
	steer.Runner
	io.Closer
	id func(context.Context) (steer.Identity, error)
}

// Identity says what the model is without loading it; see steer.Runner.
func (c closer) Identity(ctx context.Context) (steer.Identity, error) { return c.id(ctx) }

// withBuild adds to a model's digests what else decides its numbers: a backend that was chosen, and the build of this
// program where it is a development build.
func withBuild(id steer.Identity) (steer.Identity, error) {
	id.Backend = device.Chosen()
	if _, ok := build.Release(); ok {
		return id, nil
	}
	var err error
	id.Build, err = build.OwnID()
	return id, err
}
