package main

import (
	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// cells make the figures of the pages from the teaching model. A page shows the body of its task's cell, with nb.Show in
// place of return.
var cells = map[string]func(m *steer.Model) *plotting.Figure{
	"Attribute": attributeCell, "Behavior": behaviorCell, "Calibrate": calibrateCell, "Capture": captureCell, "Contrast": contrastCell, "Decompose": decomposeCell,
	"Edges": edgesCell, "Faithfulness": faithfulnessCell, "LogitLens": logitLensCell, "Methods": methodsCell, "Patch": patchCell, "Predict": predictCell,
	"Profiles": profilesCell, "Stability": stabilityCell, "Sweep": sweepCell,
}

func predictCell(m *steer.Model) *plotting.Figure {
	ask := m.Predict("I loved the film. It was").Of(" wonderful", " terrible")
	circuit := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible")).TopK(20)
	return plotting.BeforeAfter(nb.Run(ask), nb.Run(ask.Ablate(circuit)))
}

func logitLensCell(m *steer.Model) *plotting.Figure {
	return plotting.LogitLens(nb.Run(m.LogitLens("I loved the film. It was")))
}

func attributeCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.HeatMap(scores)
}

func behaviorCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Behavior(steer.Examples("testdata/sentiment.jsonl").Train()))
	return plotting.ByPrompt(scores.ByPrompt(scores.Mean().Positive().TopK(12)))
}

func contrastCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Contrast(steer.Pairs("testdata/sentiment-pairs.jsonl").Train()))
	return plotting.ByLayer(scores)
}

func decomposeCell(m *steer.Model) *plotting.Figure {
	vector := nb.Run(m.ControlVector(steer.Pairs("testdata/sentiment-pairs.jsonl").Train()))
	return plotting.Explained(nb.Run(m.Decompose(vector)))
}

func sweepCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	circuit := nb.Run(m.Behavior(set.Train())).Mean().Positive().TopK(20).Named("sentiment")
	return plotting.DoseResponse(nb.Run(m.Sweep(circuit, steer.Range(0, 2, .5)...).OnExamples(set.Test()).Controls(39)))
}

func calibrateCell(m *steer.Model) *plotting.Figure {
	circuit := nb.Run(m.Behavior(steer.Examples("testdata/sentiment.jsonl").Train())).Mean().Positive().TopK(20)
	return plotting.Calibration(nb.Run(m.Calibrate(steer.Scale(circuit, 2)).KL(.1)))
}

func faithfulnessCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	ranking := nb.Run(m.Behavior(set.Train()))
	return plotting.Faithfulness(nb.Run(m.Faithfulness(ranking, set.Test()).Controls(19)))
}

func patchCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl").Test()
	scores := nb.Run(m.Behavior(set).Rule(steer.Gradient))
	alone := nb.Run(m.Patch(set).Units(scores.Mean().TopK(40)))
	return plotting.Scatter(alone.Agreement(scores))
}

func edgesCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.Graph(nb.Run(m.Edges(scores.TopEntries(12))))
}

func profilesCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.Profiles(nb.Run(m.Profiles(scores.TopEntries(20)).Outputs(8)).Groups())
}

func captureCell(m *steer.Model) *plotting.Figure {
	inside := nb.Run(m.Capture("I loved the film. It was").From(steer.Attention))
	return plotting.AttentionHeads(inside.Pattern(4))
}

func methodsCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	return plotting.Methods(nb.Run(m.Methods(m.Behavior(set.Train())).OnExamples(set.Test()).WithPairs(steer.Pairs("testdata/sentiment-pairs.jsonl").Train())))
}

func stabilityCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	return plotting.Specifications(nb.Run(m.Stability(m.Behavior(set.Train())).Rules(steer.RelP, steer.Gradient).Resamples(20).Controls(19)))
}
