package gonbext

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A Figure is what can be shown as a picture, e.g. a *plotting.Figure.
type Figure interface {
	PNG() ([]byte, error) // at twice the density of the screen
	Alt() string          // the picture in words
	CSSWidth() int        // its width on a page, in CSS pixels, 96 to the inch
}

// Show shows its arguments in order: results, tasks (it runs them), figures, models, errors, images, strings and whatever
// has a String method. It returns when they have arrived in the notebook. One that cannot be had ends the cell with a card.
func Show(xs ...any) {
	at := caller()
	s := here.screen()
	for _, x := range xs {
		b, err := render(x, at)
		if err != nil {
			here.fail(err, at)
		}
		s.send(here.keep(x, b, at))
	}
	s.sync()
}

// render makes the bundle of anything.
func render(x any, at site) (bundle, error) {
	if x = pointedAt(x); x == nil {
		return bundle{text: "nothing"}, nil
	}
	if c, ok := result(x, at); ok {
		return c.bundle(), nil
	}
	switch x := x.(type) {
	case Compared:
		c, err := x.card()
		if err != nil {
			return bundle{}, err
		}
		return c.bundle(), nil
	case Figure:
		return figure(x)
	case image.Image:
		var b bytes.Buffer
		if err := png.Encode(&b, x); err != nil {
			return bundle{}, fmt.Errorf("show: the image cannot be written as PNG: %w", err)
		}
		size := x.Bounds().Size()
		alt := fmt.Sprintf("image, %d × %d pixels", size.X, size.Y)
		return bundle{html: picture(b.Bytes(), 0, alt, false), png: b.Bytes(), text: alt}, nil
	case error:
		return errorCard(x, site{}).bundle(), nil
	case string:
		if x == "" {
			x = "(empty)"
		}
		return bundle{text: x}, nil
	}
	return plainly(x, at)
}

// result makes the card of a result of package steer, or of what a task gives. Every card says first what the model was run under.
func result(x any, at site) (*card, bool) {
	x = given(x, at)
	if e, ok := x.(interface{ Err() error }); ok && e.Err() != nil { // a circuit or a vector that there is not
		here.fail(e.Err(), at)
	}
	c, ok := cardOf(x)
	if ok {
		c.under(x)
	}
	return c, ok
}

// given is what a task gives, and anything else as it is.
func given(x any, at site) any {
	switch x := x.(type) {
	case steer.AttributeTask:
		return runAt(x, at)
	case steer.PredictTask:
		return runAt(x, at)
	case steer.GenerateTask:
		return runAt(x, at)
	case steer.GenerateEachTask:
		return runAt(x, at)
	case steer.PlanTask:
		return runAt(x, at)
	case steer.TokensTask:
		return runAt(x, at)
	case steer.BaselineTask:
		return runAt(x, at)
	case steer.BehaviorTask:
		return runAt(x, at)
	case steer.ContrastTask:
		return runAt(x, at)
	case steer.SweepTask:
		return runAt(x, at)
	case steer.CalibrateTask:
		return runAt(x, at)
	case steer.EdgesTask:
		return runAt(x, at)
	case steer.ProfilesTask:
		return runAt(x, at)
	case steer.PatchTask:
		return runAt(x, at)
	case steer.FaithfulnessTask:
		return runAt(x, at)
	case steer.MethodsTask:
		return runAt(x, at)
	case steer.StabilityTask:
		return runAt(x, at)
	case steer.VerdictTask:
		return runAt(x, at)
	case steer.ControlVectorTask:
		return runAt(x, at)
	case steer.DecomposeTask:
		return runAt(x, at)
	case steer.CaptureTask:
		return runAt(x, at)
	case steer.MeanActivationsTask:
		return runAt(x, at)
	case steer.UniversalTask:
		return runAt(x, at)
	case steer.TopActivationsTask:
		return runAt(x, at)
	case steer.WritesTask:
		return runAt(x, at)
	case steer.UnembedTask:
		return runAt(x, at)
	case steer.LogitLensTask:
		return runAt(x, at)
	case steer.InfoTask:
		return runAt(x, at)
	case steer.CircuitTask:
		return runAt(x, at)
	case steer.FileTask[steer.Circuit]:
		return runAt(x, at)
	case steer.FileTask[steer.Vector]:
		return runAt(x, at)
	case *steer.Model:
		if x != nil {
			return runAt(x.Info(), at)
		}
	}
	return x
}

// cardOf makes the card of a result.
func cardOf(x any) (*card, bool) {
	switch x := x.(type) {
	case *steer.Model: // nil
		return &card{title: words("no model")}, true
	case steer.Scores:
		return scoresCard(x), true
	case steer.Baseline:
		return baselineCard(x), true
	case steer.BehaviorScores:
		return behaviorCard(x), true
	case steer.Diagnostics:
		return diagnosticsCard(x), true
	case steer.Curve:
		return curveCard(x), true
	case steer.Calibration:
		return calibrationCard(x), true
	case steer.Graph:
		return graphCard(x), true
	case steer.Profiles:
		return profilesCard(x), true
	case steer.Groups:
		return groupsCard(x), true
	case steer.Patching:
		return patchingCard(x), true
	case steer.FaithfulnessCurve:
		return faithfulnessCard(x), true
	case steer.MethodComparison:
		return methodsCard(x), true
	case steer.Multiverse:
		return stabilityCard(x), true
	case steer.CircuitVerdict:
		return verdictCard(x), true
	case steer.OverlapMatrix:
		return overlapCard(x), true
	case steer.Vector:
		return vectorCard(x), true
	case steer.Decomposition:
		return decompositionCard(x), true
	case steer.Comparison:
		return comparisonCard(x), true
	case steer.Activations:
		return activationsCard(x), true
	case steer.NeuronSet:
		return setCard(x), true
	case steer.TopActivations:
		return contextsCard(x), true
	case steer.Writes:
		return writesCard(x), true
	case steer.Readings:
		return readingsCard(x), true
	case steer.LogitLens:
		return lensCard(x), true
	case steer.Circuit:
		return circuitCard(x), true
	case steer.Prediction:
		return predictionCard(x), true
	case steer.Generation:
		return generationCard(x), true
	case steer.Generations:
		return generationsCard(x), true
	case steer.Diff:
		return diffCard(x), true
	case steer.Plan:
		return planCard(x), true
	case steer.ExampleSet:
		return examplesCard(x), true
	case steer.PairSet:
		return pairsCard(x), true
	case steer.Feature:
		return featureCard(x), true
	case steer.Intervention:
		return interventionCard(x), true
	case steer.Neuron:
		return neuronCard(x), true
	case steer.Request:
		return requestCard(x), true
	case steer.Record:
		return recordCard(x), true
	case steer.Tensor:
		return tensorCard(x), true
	case steer.Tokens:
		return tokensCard(x), true
	case steer.Info:
		return infoCard(x), true
	}
	return nil, false
}

// figure draws a picture.
func figure(f Figure) (bundle, error) {
	b, err := f.PNG()
	if err != nil {
		return bundle{}, err
	}
	dark, ok := f.(interface{ IsDark() bool })
	alt, onPaper := f.Alt(), !ok || !dark.IsDark()
	out := bundle{html: picture(b, f.CSSWidth(), alt, onPaper), png: b, width: f.CSSWidth(), text: alt}
	if v, ok := f.(interface{ SVG() ([]byte, error) }); ok && here.keeps() {
		if out.svg, err = v.SVG(); err != nil {
			return bundle{}, err
		}
	}
	return out, nil
}
