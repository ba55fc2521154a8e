package steer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// PlanTask asks what a task would cost, without running it: `m.Sweep(top, 0, 2).OnExamples(set).Plan()`. A lazy circuit that
// the task needs is computed all the same, for which passes are run depends on it.
type PlanTask struct {
	m       *Model
	request func() (Request, error)
}

// planOf makes the plan of any task.
func planOf[T any](t Task[T]) PlanTask { return PlanTask{t.Model(), t.Request} }

// Model returns the model that the task is about.
func (t PlanTask) Model() *Model { return t.m }

// Run counts the passes. It loads the model, and measures its pace once, which takes about as long as ten passes of 16 tokens.
func (t PlanTask) Run(ctx context.Context) (Plan, error) { return run(ctx, t) }

// Result builds the plan around fetch.
func (t PlanTask) Result(fetch func() Record) Plan { return Plan{newResult[message.PlanBody](fetch)} }

// Request implements Task. Its mistakes are those of the task itself.
func (t PlanTask) Request() (Request, error) {
	if t.request == nil { // the zero value is the plan of no task
		return newRequest(message.PlanSettings{}, nil)
	}
	r, err := t.request()
	if err != nil {
		return Request{}, err
	}
	return newRequest(message.PlanSettings{Of: r.Kind, Version: r.Version, Settings: r.Settings}, nil)
}

// Plan is what a task costs, before it is run. Passes are counted exactly, unless what is run depends on what is found, as in a
// Calibrate; the time is about what the machine takes when it does nothing else.
type Plan struct{ rec result[message.PlanBody] }

// Stored reports whether the result is kept already, so that it costs nothing.
func (p Plan) Stored() bool { return p.rec.body().Stored }

// Parts returns how many of the results that the task is made of are kept already.
func (p Plan) Parts() int { return p.rec.body().Parts }

// Passes returns the passes forward, one for each prompt under each edit, and backward, one for each prompt or target.
func (p Plan) Passes() (forward, backward int) { b := p.rec.body(); return b.Forward, b.Backward }

// Steps returns how many tokens are generated at most.
func (p Plan) Steps() int { return p.rec.body().Steps }

// Tokens returns the positions of all passes, and the steps, together.
func (p Plan) Tokens() int { return p.rec.body().Tokens }

// Time returns about how long it takes on this machine once the model is loaded.
func (p Plan) Time() time.Duration {
	return time.Duration(p.rec.body().Seconds * float64(time.Second))
}

// Warnings say what could not be foreseen.
func (p Plan) Warnings() []Warning { return p.rec.record().Header.Warnings }

// String says it in one line.
func (p Plan) String() string {
	b := p.rec.body()
	if b.Stored {
		return b.Of + ": kept, 0 passes"
	}
	parts := []string{}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(b.Forward, "forward")
	add(b.Backward, "backward")
	add(b.Steps, "steps")
	if len(parts) == 0 {
		parts = append(parts, "0 passes")
	}
	s := fmt.Sprintf("%s: %s, %d tokens, about %.2g s", b.Of, strings.Join(parts, " + "), b.Tokens, b.Seconds)
	if b.Parts > 0 {
		s += fmt.Sprintf(", %d parts kept", b.Parts)
	}
	return s
}

// Planned answers a request that asks the plan of another whose result is kept, which kept reports; plan is false for any
// other request, and stored where it must be computed. Who keeps results has it, and keeps no plan, for a plan is
// another when more has been computed.
func Planned(r Request, id Identity, kept func(Request) bool) (rec Record, plan, stored bool) {
	var s message.PlanSettings
	if k := s.Kind(); r.Kind != k.Name || r.Version != k.Version || r.Decode(&s) != nil {
		return Record{}, false, false
	}
	if !kept(Request{Kind: s.Of, Version: s.Version, Settings: s.Settings}) {
		return Record{}, true, false
	}
	b, err := json.Marshal(message.PlanBody{Of: s.Of, Stored: true})
	if err != nil { // a struct of numbers
		return Record{}, true, false
	}
	rec.Header.Request, rec.Header.Identity, rec.Header.Engine, rec.Header.Body = r, id, "kept results", b
	return rec, true, true
}

// Passing says that a request's answer is another one when more has been computed: a plan, or what is kept about a circuit.
// Who keeps results keeps none of these.
func Passing(r Request) bool {
	return slices.ContainsFunc([]message.Kind{message.PlanSettings{}.Kind(), message.EvidenceSettings{}.Kind()}, func(k message.Kind) bool {
		return r.Kind == k.Name && r.Version == k.Version
	})
}

// A Keeper is a Runner that keeps results.
type Keeper interface {
	Runner
	// Kept returns the record of a request, if it is kept. It computes nothing.
	Kept(ctx context.Context, r Request) (Record, bool)
}
