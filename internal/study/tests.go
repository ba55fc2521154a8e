package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// tested is a circuit with what is done with it.
type tested struct {
	behavior  Behavior
	method    Method
	selection Selection
	test      Test
	circuit   steer.Circuit
}

func (t tested) base() string {
	return file(t.behavior.Name, t.method.Name, t.selection.Name+"."+t.test.Name)
}

// A row of the summary is one circuit in one test.
type row struct {
	Behavior   string       `json:"behavior"`
	Method     string       `json:"method"`
	Selection  string       `json:"selection"`
	Test       string       `json:"test"`
	Neurons    int          `json:"neurons"`
	Under      string       `json:"under,omitempty"`   // what the model was run under, beside the multipliers of the circuit
	Verdict    string       `json:"verdict,omitempty"` // of the behavior's baseline
	Unsteered  float64      `json:"unsteered,omitempty"`
	Strongest  *steer.Dose  `json:"strongest,omitempty"` // the multiplier farthest from 1 downward: ablation, usually
	Trend      *steer.Trend `json:"trend,omitempty"`
	Prompted   *steer.Dose  `json:"prompted,omitempty"` // the unsteered model after the test's instruction
	Changed    *float64     `json:"changed,omitempty"`  // share of continuations that differ from the unsteered
	Faithful   *faithful    `json:"faithful,omitempty"`
	Calibrated *calibrated  `json:"calibrated,omitempty"`
	Patched    *patched     `json:"patched,omitempty"`
	Wired      *wired       `json:"wired,omitempty"`
	Warnings   []string     `json:"warnings,omitempty"`
	Criteria   *criteria    `json:"criteria,omitempty"`
}

func (r *runner) test(ctx context.Context, i int, s step, t tested) error {
	line := row{Behavior: t.behavior.Name, Method: t.method.Name, Selection: t.selection.Name, Test: t.test.Name, Neurons: len(t.circuit.Neurons())}
	if g, ok := r.baselines[t.behavior.Name]; ok {
		line.Verdict = string(g.Verdict())
	}
	var err error
	switch {
	case line.Neurons == 0:
		r.notes = append(r.notes, "the circuit is empty, so there is nothing to test")
	case t.test.Kind == "faithfulness":
		err = r.faithfulness(ctx, i, s, t, &line)
	case t.test.Kind == "calibrate":
		err = r.calibrate(ctx, i, s, t, &line)
	case t.test.Kind == "edges":
		err = r.wire(ctx, i, s, t, &line)
	case t.test.Kind == "patch":
		err = r.patch(ctx, i, s, t, &line)
	case t.test.Kind == "groups":
		err = r.group(ctx, i, s, t, &line)
	case t.test.Kind == "verdict":
		err = r.verdict(ctx, i, s, t, &line)
	case t.test.Kind == "sweep":
		err = r.sweep(ctx, i, s, t, &line)
	default:
		err = r.proceed(ctx, i, s, t, &line)
	}
	if errors.Is(err, steer.BadSetting) { // of this circuit, e.g. too large for random controls; the other circuits can be tested
		r.notes, err = append(r.notes, fmt.Sprintf("not tested: %v", err)), nil
	}
	if err != nil {
		return err
	}
	line.Warnings = r.notes
	r.rows = append(r.rows, line)
	return nil
}

// sweep measures dose and response on the examples of the test split.
func (r *runner) sweep(ctx context.Context, i int, s step, t tested, line *row) error {
	task := r.model.Sweep(t.circuit, t.test.Multipliers...).OnExamples(t.behavior.examples().Test()).Controls(t.test.Controls).Seed(r.study.Seed)
	if t.test.When != nil {
		v, err := t.test.vector(ctx, r, i, s, t.behavior)
		if err != nil {
			return err
		}
		if task = task.When(v, *t.test.When); t.test.ByPrompt {
			task = task.ByPrompt()
		}
	}
	if t.selection.WithoutUniversal {
		task = task.ControlsWithout(r.universal)
	}
	if t.test.SkipBOS {
		task = task.SkipBOS()
	}
	if t.test.Prompted != "" {
		task = task.Prompted(t.test.Prompted)
	}
	if t.test.SideEffects {
		task = task.SideEffects(t.test.Texts...)
		if t.test.Continue != nil {
			task = task.Continue(*t.test.Continue)
		}
	}
	curve, err := compute(ctx, r, i, s, task)
	if err != nil {
		return err
	}
	curve = curve.Named(t.circuit.Name())
	r.note(curve.Warnings()...)
	line.Under = curve.Interventions()
	line.Unsteered = curve.Unsteered().Difference.Value
	if _, d := curve.Prompted(); d.Difference.N > 0 {
		line.Prompted = &d
	}
	if doses := curve.Doses(); len(doses) > 0 {
		line.Strongest = &doses[0] // they rise
		if len(doses) > 1 {
			trend := curve.Trend()
			line.Trend = &trend
		}
	}
	return errors.Join(r.out.json(t.base()+".json", curve), r.out.bytes(t.base()+".csv", []byte(curve.CSV())),
		r.figure(t.base(), plotting.DoseResponse(curve)))
}

// proceed continues prompts with the circuit scaled by every multiplier, beside the unsteered model.
func (r *runner) proceed(ctx context.Context, i int, s step, t tested, line *row) error {
	type continuation struct {
		Prompt     string   `json:"prompt"`
		Multiplier *float64 `json:"multiplier"` // null: unsteered
		Under      string   `json:"under"`      // what was done, in words; empty: nothing
		Text       string   `json:"text"`
		Same       bool     `json:"same"` // as the unsteered text
	}
	var all []continuation
	rows := [][]string{{"prompt", "multiplier", "same", "text", "under"}}
	changed, n := 0, 0
	v, err := t.test.vector(ctx, r, i, s, t.behavior)
	if err != nil {
		return err
	}
	for _, p := range t.test.Prompts {
		task := t.test.writing(r.model.Generate(p), r.study.Seed)
		before, err := compute(ctx, r, i, s, task)
		if err != nil {
			return err
		}
		all = append(all, continuation{p, nil, "", before.Text(), true})
		rows = append(rows, []string{p, "unsteered", "true", before.Text(), ""})
		for _, x := range t.test.Multipliers {
			after, err := compute(ctx, r, i, s, task.With(t.test.steering(t.circuit, x, v)...))
			if err != nil {
				return err
			}
			same := before.Diff(after).Same()
			if n++; !same {
				changed++
			}
			all = append(all, continuation{p, &x, after.Interventions(), after.Text(), same})
			rows = append(rows, []string{p, number(x), strconv.FormatBool(same), after.Text(), after.Interventions()})
		}
	}
	share := float64(changed) / float64(n)
	line.Changed = &share
	return errors.Join(r.out.json(t.base()+".json", all), r.csv(t.base()+".csv", rows))
}

// overlap compares the circuits of a behavior.
func (r *runner) overlap(b Behavior) error {
	all := r.overlaps[b.Name]
	if len(all) < 2 {
		return nil
	}
	m := steer.Overlap(all...)
	rows := [][]string{{"a", "b", "neurons_a", "neurons_b", "shared", "jaccard", "expected_jaccard", "p", "rank_biased"}}
	names, sizes := m.Names(), m.Sizes()
	known := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return number(x)
	}
	for i := range m.Len() {
		for j := range i {
			rows = append(rows, []string{names[j], names[i], strconv.Itoa(sizes[j]), strconv.Itoa(sizes[i]), strconv.Itoa(m.Shared(j, i)),
				number(m.Jaccard(j, i)), known(m.Expected(j, i)), known(m.P(j, i)), number(m.RankBiased(j, i))})
		}
	}
	return errors.Join(r.csv(file(b.Name, "overlap.csv"), rows), r.figure(file(b.Name, "overlap"), plotting.Overlap(m)))
}
