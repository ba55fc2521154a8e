package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/fence"
	"github.com/neuronsteer/neuronsteer/internal/flight"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Memo returns a Runner that answers from the store's files and otherwise runs next and keeps what it gives. id returns
// the identity of the model that next runs; it is asked at every request, so a model that has changed gives new addresses.
//
// Identical requests at the same time run once: every caller sees the same events and gets the same record, and the work
// is canceled when the last caller has gone. A result that cannot be kept is returned all the same, with a warning.
func Memo(next steer.Runner, s *Store, id func(context.Context) (steer.Identity, error)) steer.Runner {
	return &memo{next: next, store: s, id: id}
}

type memo struct {
	next        steer.Runner
	store       *Store
	id          func(context.Context) (steer.Identity, error)
	identifying flight.Group[struct{}, struct{}, steer.Identity]
	running     flight.Group[steer.Ref, steer.Event, steer.Record]
}

// Identity says what the model is whose results these are; see steer.Runner.
func (m *memo) Identity(ctx context.Context) (steer.Identity, error) { return m.identify(ctx) }

// Run answers r from a file, joins the same request if it is running, or runs it.
func (m *memo) Run(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
	if err := ctx.Err(); err != nil {
		return steer.Record{}, err
	}
	id, err := m.identify(ctx)
	if err != nil {
		return steer.Record{}, err
	}
	ref := r.Ref(id)
	if ref == (steer.Ref{}) { // settings that are no JSON address nothing; next says what is wrong with them
		return m.next.Run(ctx, r, emit)
	}
	if rec, ok, err := steer.Gather(r, id, m.store.find); ok || err != nil {
		return rec, err
	}
	if rec, plan, stored := steer.Planned(r, id, func(of steer.Request) bool { return m.store.has(of.Ref(id)) }); stored {
		return rec, nil
	} else if plan {
		return m.next.Run(ctx, r, emit)
	}
	if rec, ok := m.lookup(ref); ok {
		return rec, nil
	}
	m.store.count(Stats{Misses: 1})
	rec, err := m.running.Do(ctx, ref, emit, func(ctx context.Context, emit func(steer.Event)) (steer.Record, error) {
		return m.compute(ctx, ref, r, id, emit)
	})
	if p := (*fence.Panic)(nil); errors.As(err, &p) {
		err = engine.Errorf(engine.Internal, r.Kind, "%v", p)
	}
	return rec, err
}

// Kept implements steer.Keeper.
func (m *memo) Kept(ctx context.Context, r steer.Request) (steer.Record, bool) {
	id, err := m.identify(ctx)
	if err != nil {
		return steer.Record{}, false
	}
	return m.lookup(r.Ref(id))
}

// lookup is Get that counts hits. A store that cannot be read is one without results.
func (m *memo) lookup(ref steer.Ref) (steer.Record, bool) {
	rec, ok, err := m.store.Get(ref)
	if !ok || err != nil {
		return steer.Record{}, false
	}
	m.store.count(Stats{Hits: 1})
	return rec, true
}

// identify asks for the identity. A large file that is digested for it keeps nobody who has canceled.
func (m *memo) identify(ctx context.Context) (steer.Identity, error) {
	return m.identifying.Do(ctx, struct{}{}, nil, func(ctx context.Context, _ func(struct{})) (steer.Identity, error) {
		return m.id(ctx)
	})
}

// compute runs next and keeps the record.
func (m *memo) compute(ctx context.Context, ref steer.Ref, r steer.Request, id steer.Identity, emit func(steer.Event)) (steer.Record, error) {
	if m.store.has(ref) { // the flight before this one landed between our look-up and our start
		if rec, ok := m.lookup(ref); ok {
			return rec, nil
		}
	}
	rec, err := m.next.Run(ctx, r, emit)
	if err != nil {
		return steer.Record{}, err
	}
	if rec, err = m.believe(rec, r, id); err != nil {
		return steer.Record{}, err
	}
	if m.store.has(ref) { // next keeps its results in this folder too
		return rec, nil
	}
	m.store.count(Stats{Computed: 1})
	if err := m.store.Put(ref, rec); err != nil {
		rec.Header.Warnings = append(slices.Clip(rec.Header.Warnings), engine.Warning{
			Code: "not-kept", Text: "This result could not be kept and will be computed again: " + err.Error() + ".",
		})
	}
	return rec, nil
}

// TryAgain is what to do about an engine that is not the one that was asked. A surface that can end it says how.
const TryAgain = "end the process that has the model loaded, and ask again"

// believe returns the record as what r gives on the model id, or says why it is not that. A runner that does not say what
// it was asked or what it ran is taken at our word.
func (m *memo) believe(rec steer.Record, r steer.Request, id steer.Identity) (steer.Record, error) {
	if got := rec.Header.Request; got.Kind != "" && got.Ref(steer.Identity{}) != r.Ref(steer.Identity{}) {
		return rec, engine.Errorf(engine.Internal, "store", "the answer to another question came: %s in place of %s", describe(got), describe(r))
	}
	got, err := settle(rec.Header.Identity, id)
	if err != nil {
		return rec, err
	}
	rec.Header.Request, rec.Header.Identity = r, got
	if err := m.store.check(rec); err != nil {
		return rec, engine.Errorf(engine.Internal, "store", "the answer cannot be read: %v", err).
			Try("%s", TryAgain)
	}
	return rec, nil
}

// describe names a request for people.
func describe(r steer.Request) string {
	const enough = 80
	s := string(r.Settings)
	if len(s) > enough {
		s = s[:enough] + "…"
	}
	return fmt.Sprintf("%s %d %q", r.Kind, r.Version, s)
}

// settle returns the identity that a record is kept under. A runner that does not say what it ran is taken at the word of
// want; one that ran something else would put wrong numbers at a right address.
func settle(got, want steer.Identity) (steer.Identity, error) {
	if got == (steer.Identity{}) {
		return want, nil
	}
	if got.Build == "" { // the hash of a development build is known to whoever addresses, not to every engine
		got.Build = want.Build
	}
	if got == want {
		return want, nil
	}
	if got.Build != want.Build {
		got.Build = want.Build
		if got == want {
			return got, engine.Errorf(engine.ModelMismatch, "store", "the engine's program is of another build than the one that was asked").
				Try("%s; neuronsteer version tells the program's build", TryAgain)
		}
	}
	return got, engine.Errorf(engine.ModelMismatch, "store", "the engine ran another model than the one that was asked: its files changed after it was loaded").
		Try("%s", TryAgain)
}
