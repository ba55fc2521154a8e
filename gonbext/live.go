package gonbext

import (
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Live shows what a circuit does at any multiplier: a slider, and a switch for each neuron of a circuit of up to 24, redraw the
// next token's probabilities, the text, or both, through the session's resident process, also when the cell has ended. It is
// given a Predict, a Generate or one of each, and a circuit:
//
//	nb.Live(m.Predict("I loved the film. It was").Of(" wonderful", " terrible"), praise)
//	nb.Live(m.Predict(text).Of(" good"), m.Generate(text).MaxTokens(20), praise, 0, .5, 1, 2)
//
// Numbers are the multipliers that are computed beforehand, −1, 0, 0.5, 1, 1.5, 2 and 3 if there are none: they stand in a table,
// and are what the slider steps through where no kernel answers, as on a page or in a notebook that is opened again. The slider
// goes from the smallest to the largest. Interventions of the tasks hold throughout; those of the circuit come after them. A
// neuron that is switched off is left as it is.
func Live(xs ...any) {
	at := caller()
	l, err := newLive(xs)
	if err != nil {
		here.fail(engine.Prefix("live", err), at)
	}
	l.compute(at)
	b, err := l.bundle()
	if err != nil {
		here.fail(engine.Prefix("live", err), at)
	}
	s := here.screen()
	s.send(here.keep(l, b, at))
	s.sync()
}

// live is what a circuit does to one or two tasks.
type live struct {
	predict  *steer.PredictTask
	generate *steer.GenerateTask
	circuit  steer.Circuit
	doses    []dose // rising; one of them has the multiplier 1
}

// A dose is what a multiplier gives. A task that was not given has none.
type dose struct {
	x          float64
	prediction steer.Prediction
	generation steer.Generation
}

// Bounds of what is shown.
const (
	mostSwitches = 24
	mostDoses    = 101
)

// tryLive is what to type where the arguments are wrong.
const tryLive = `nb.Live(m.Predict("I loved the film. It was").Of(" good"), circuit)`

// newLive reads the arguments, in any order.
func newLive(xs []any) (*live, error) {
	l, given := &live{}, false
	bad := func(format string, a ...any) error {
		return engine.Mistake(steer.BadSetting, format, a...).Try(tryLive)
	}
	var multipliers []float64
	for _, x := range xs {
		switch x := x.(type) {
		case steer.PredictTask:
			if l.predict != nil {
				return nil, bad("there are two Predict, and one is shown")
			}
			l.predict = &x
		case steer.GenerateTask:
			if l.generate != nil {
				return nil, bad("there are two Generate, and one is shown")
			}
			l.generate = &x
		case steer.Circuit:
			if given {
				return nil, bad("there are two circuits; join them: a.Union(b)")
			}
			l.circuit, given = x, true
		case steer.NeuronSet:
			if given {
				return nil, bad("there are two circuits; join them: a.Union(b)")
			}
			l.circuit, given = x.Circuit(), true
		case int:
			multipliers = append(multipliers, float64(x))
		case float64:
			multipliers = append(multipliers, x)
		case []float64:
			multipliers = append(multipliers, x...)
		default:
			return nil, bad("a %T is neither a Predict or Generate, nor a circuit, nor a multiplier", x)
		}
	}
	switch {
	case l.predict == nil && l.generate == nil:
		return nil, bad("there is no Predict or Generate to show")
	case !given:
		return nil, bad("there is no circuit to multiply")
	case l.predict != nil && l.generate != nil && l.predict.Model().Name() != l.generate.Model().Name():
		return nil, bad("the Predict and the Generate are of two models")
	case len(multipliers) == 0:
		multipliers = []float64{-1, 0, .5, 1, 1.5, 2, 3}
	}
	multipliers = append(multipliers, 1) // the unsteered model
	slices.Sort(multipliers)
	multipliers = slices.Compact(multipliers)
	if len(multipliers) > mostDoses {
		return nil, bad("%d multipliers are more than %d; the slider reaches those between them", len(multipliers), mostDoses)
	}
	for _, x := range multipliers {
		l.doses = append(l.doses, dose{x: x})
	}
	return l, nil
}

// model returns the model of the tasks.
func (l *live) model() *steer.Model {
	if l.predict != nil {
		return l.predict.Model()
	}
	return l.generate.Model()
}

// predicts returns the prediction at a multiplier; 1 is the model as the task has it.
func (l *live) predicts(x float64) steer.PredictTask {
	if x == 1 {
		return *l.predict
	}
	return l.predict.Scale(l.circuit, x)
}

func (l *live) generates(x float64) steer.GenerateTask {
	if x == 1 {
		return *l.generate
	}
	return l.generate.Scale(l.circuit, x)
}

// compute computes every multiplier beforehand, under one progress. A failure ends the process.
func (l *live) compute(at site) {
	var jobs []job
	for _, d := range l.doses {
		if l.predict != nil {
			jobs = append(jobs, l.predicts(d.x))
		}
		if l.generate != nil {
			jobs = append(jobs, l.generates(d.x))
		}
	}
	recs := here.fetchAll(at, "live", jobs)
	next := func() func() steer.Record {
		rec := recs[0]
		recs = recs[1:]
		return func() steer.Record { return rec }
	}
	for i := range l.doses {
		d := &l.doses[i]
		if l.predict != nil {
			d.prediction = l.predicts(d.x).Result(next())
		}
		if l.generate != nil {
			d.generation = l.generates(d.x).Result(next())
		}
	}
}

// called names what is multiplied.
func (l *live) called() string {
	if name := l.circuit.Name(); name != "" {
		return name
	}
	n, of := l.circuit.N()
	return fmt.Sprintf("%d %s", n, of)
}
