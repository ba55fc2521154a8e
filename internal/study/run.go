package study

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/progress"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/internal/wording"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Backend runs one model and says which one it is.
type Backend interface {
	steer.Runner
	Identity() (steer.Identity, error)
	Close() error
}

// A keeper is a Backend that keeps what long requests are made of, so that a step which is stopped in the middle goes on from there.
type keeper interface{ Keep(*store.Store) }

// Options says where a study runs and who is told.
type Options struct {
	Out  string                            // folder for the results
	Open func(ref string) (Backend, error) // opens the study's model, with no store in between
	Told func(Progress)                    // as it goes, from one goroutine; may be nil
}

// Run runs a study, or what is left of it, and returns the number of its steps. A step that fails ends it; everything that
// was finished stays, and the next run goes on from there.
func Run(ctx context.Context, s *Study, o Options) (steps int, err error) {
	out := output{o.Out}
	unlock, err := out.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	if err := out.prepare(); err != nil {
		return 0, err
	}
	kept, err := store.Open(out.work("store"))
	if err != nil {
		return 0, err
	}
	kept.Check = steer.Record.Check
	j, err := openJournal(out.work("journal.jsonl"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, j.f.Close()) }()
	backend, err := o.Open(s.Model)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, backend.Close()) }()
	r := &runner{study: s, out: out, journal: j, told: o.Told, overlaps: map[string][]steer.Circuit{}}
	if r.told == nil {
		r.told = func(Progress) {}
	}
	if k, ok := backend.(keeper); ok { // before its first request
		k.Keep(kept)
	}
	if err := r.begin(ctx, backend); err != nil {
		return 0, err
	}
	r.model = steer.New(s.Model, store.Memo(r.counting(backend), kept, func(context.Context) (steer.Identity, error) { return r.origin.Identity, nil }))
	return r.all(ctx)
}

// runner is a study under way.
type runner struct {
	study   *Study
	out     output
	journal *journal
	model   *steer.Model
	info    steer.Info
	origin  origin
	told    func(Progress)
	clock   clock
	within  *progress.Clock // of the step under way; nil before it asks for anything

	computed  int      // results of the step under way that were in no store
	refs      []string // of the step under way
	notes     []string // what a reader must know, of the step under way
	universal steer.NeuronSet
	baselines map[string]steer.Baseline
	overlaps  map[string][]steer.Circuit // the circuits of each behavior
	rows      []row
}

// begin asks the backend itself, not the store, what it is, and compares with what the folder belongs to.
func (r *runner) begin(ctx context.Context, b Backend) error {
	id, err := b.Identity()
	if err != nil {
		return err
	}
	direct := steer.New(r.study.Model, b)
	if r.info, err = direct.Info().Run(ctx); err != nil {
		return err
	}
	request, err := direct.Info().Request()
	if err != nil {
		return err
	}
	rec, err := b.Run(ctx, request, nil)
	if err != nil {
		return err
	}
	r.origin = origin{Study: r.study.digest, Identity: id, Engine: r.info.Engine(), Tool: rec.Header.Tool}
	if want := r.study.Backend; want != "auto" && !strings.HasPrefix(r.origin.Engine, want) {
		return engine.Errorf(steer.BadSetting, "run", "the study asks for the backend %q, but %q does the work here", want, r.origin.Engine).Try("backend: auto")
	}
	if before, ok := r.journal.begun(); ok && before != r.origin {
		return engine.Errorf(steer.ModelMismatch, r.out.dir, "the folder holds another study: %s", before.differs(r.origin)).
			Try("choose another with -out, or remove it")
	}
	return r.journal.add(line{Event: "begin", Begin: &r.origin})
}

// differs says what of a folder's origin is another one.
func (a origin) differs(b origin) string {
	var out []string
	for _, x := range []struct{ what, a, b string }{
		{"file or data", a.Study, b.Study}, {"model", a.Identity.Model, b.Identity.Model}, {"tokenizer", a.Identity.Tokenizer, b.Identity.Tokenizer},
		{"backend", a.Engine, b.Engine}, {"build", a.Identity.Build, b.Identity.Build}, {"version", a.Tool, b.Tool},
	} {
		if x.a != x.b {
			out = append(out, fmt.Sprintf("%s %.24q, not %.24q", x.what, x.a, x.b))
		}
	}
	return strings.Join(out, "; ")
}

// counting counts what is computed, and refuses a result of another backend before it is stored.
func (r *runner) counting(b Backend) steer.Runner {
	return steer.RunnerFunc(func(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
		rec, err := b.Run(ctx, q, emit)
		if err != nil || q.Kind == planned { // which says how long the step takes, beside it, and is no result of the study
			return rec, err
		}
		r.computed++
		if rec.Header.Engine != r.origin.Engine {
			return steer.Record{}, engine.Errorf(steer.ModelMismatch, "run", "%q did the work, the study was begun on %q", rec.Header.Engine, r.origin.Engine).
				Try("run the whole study on one backend, in another folder")
		}
		return rec, nil
	})
}

// all runs the steps in order.
func (r *runner) all(ctx context.Context) (int, error) {
	if err := r.out.bytes("study.yaml", r.study.source); err != nil {
		return 0, err
	}
	steps := r.plan()
	r.clock = newClock(steps, r.journal.seconds())
	for i, s := range steps {
		r.computed, r.refs, r.notes, r.within = 0, nil, nil, nil
		r.tell(i, s, steer.Event{})
		start := time.Now()
		if err := s.run(ctx); err != nil {
			if ctx.Err() != nil {
				return i, ctx.Err()
			}
			return i, fmt.Errorf("step %q: %w", s.name, err)
		}
		took := time.Since(start).Seconds()
		kept := r.computed == 0 && len(r.refs) > 0
		if !kept {
			r.clock.took(s, took)
		}
		if err := r.journal.add(line{Event: "done", Step: s.name, Refs: r.refs, Seconds: took, Kept: kept}); err != nil {
			return i, err
		}
		r.told(Progress{Step: s.name, Done: i + 1, Total: len(steps), Finished: true, Kept: kept, Seconds: took, Left: r.clock.left(i+1, 0), Notes: r.notes})
	}
	return len(steps), r.journal.add(line{Event: "end"})
}

// compute runs a task through the store.
func compute[T any](ctx context.Context, r *runner, i int, s step, t steer.Task[T]) (T, error) {
	var none T
	request, err := t.Request()
	if err != nil {
		return none, err
	}
	asking, done := context.WithCancel(ctx)
	defer done()
	r.within = progress.New(nil)
	go r.within.Ask(asking, r.model.Runner(), request, progress.Patience)
	rec, err := r.model.Runner().Run(ctx, request, func(e steer.Event) { r.tell(i, s, e) })
	if err != nil {
		return none, err
	}
	r.refs = append(r.refs, request.Ref(r.origin.Identity).String())
	return t.Result(func() steer.Record { return rec }), nil
}

// note adds what a reader must know to the step under way.
func (r *runner) note(ws ...steer.Warning) {
	for _, w := range ws {
		r.notes = append(r.notes, wording.Study.Warning(w))
	}
}

// file is the name of a result, with slashes.
func file(parts ...string) string { return filepath.ToSlash(filepath.Join(parts...)) }
