package main

import (
	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// cells make from the teaching model what the pages show: a figure, or a card as it reads where a page has no styles. A page shows the
// body of its task's cell, with nb.Show in place of return.
var cells = map[string]func(m *steer.Model) any{
	"Info": infoCell, "Tokens": tokensCell, "Generate": generateCell, "GenerateEach": generateEachCell, "Baseline": baselineCell,
	"ControlVector": controlVectorCell, "Universal": universalCell, "Writes": writesCell, "TopActivations": topActivationsCell,
	"MeanActivations": meanActivationsCell, "Unembed": unembedCell, "Verdict": verdictCell,
	"Attribute": attributeCell, "Behavior": behaviorCell, "Calibrate": calibrateCell, "Capture": captureCell, "Contrast": contrastCell, "Decompose": decomposeCell,
	"Edges": edgesCell, "Faithfulness": faithfulnessCell, "LogitLens": logitLensCell, "Methods": methodsCell, "Patch": patchCell, "Predict": predictCell,
	"Profiles": profilesCell, "Stability": stabilityCell, "Sweep": sweepCell,
}

func predictCell(m *steer.Model) any {
	ask := m.Predict("I loved the film. It was").Of(" wonderful", " terrible")
	circuit := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible")).TopK(20)
	return plotting.BeforeAfter(nb.Run(ask), nb.Run(ask.Ablate(circuit)))
}

func logitLensCell(m *steer.Model) any {
	return plotting.LogitLens(nb.Run(m.LogitLens("I loved the film. It was")))
}

func attributeCell(m *steer.Model) any {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.HeatMap(scores)
}

func behaviorCell(m *steer.Model) any {
	scores := nb.Run(m.Behavior(steer.Examples("testdata/sentiment.jsonl").Train()))
	return plotting.ByPrompt(scores.ByPrompt(scores.Mean().Positive().TopK(12)))
}

func contrastCell(m *steer.Model) any {
	scores := nb.Run(m.Contrast(steer.Pairs("testdata/sentiment-pairs.jsonl").Train()))
	return plotting.ByLayer(scores)
}

func decomposeCell(m *steer.Model) any {
	vector := nb.Run(m.ControlVector(steer.Pairs("testdata/sentiment-pairs.jsonl").Train()))
	return plotting.Explained(nb.Run(m.Decompose(vector)))
}

func sweepCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl")
	circuit := nb.Run(m.Behavior(set.Train())).Mean().Positive().TopK(20).Named("sentiment")
	return plotting.DoseResponse(nb.Run(m.Sweep(circuit, steer.Range(0, 2, .5)...).OnExamples(set.Test()).Controls(39)))
}

func calibrateCell(m *steer.Model) any {
	circuit := nb.Run(m.Behavior(steer.Examples("testdata/sentiment.jsonl").Train())).Mean().Positive().TopK(20)
	return plotting.Calibration(nb.Run(m.Calibrate(steer.Scale(circuit, 2)).KL(.1)))
}

func faithfulnessCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl")
	ranking := nb.Run(m.Behavior(set.Train()))
	return plotting.Faithfulness(nb.Run(m.Faithfulness(ranking, set.Test()).Controls(19)))
}

func patchCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl").Test()
	scores := nb.Run(m.Behavior(set).Rule(steer.Gradient))
	alone := nb.Run(m.Patch(set).Units(scores.Mean().TopK(40)))
	return plotting.Scatter(alone.Agreement(scores))
}

func edgesCell(m *steer.Model) any {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.Graph(nb.Run(m.Edges(scores.TopEntries(12))))
}

func profilesCell(m *steer.Model) any {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.Profiles(nb.Run(m.Profiles(scores.TopEntries(20)).Outputs(8)).Groups())
}

func captureCell(m *steer.Model) any {
	inside := nb.Run(m.Capture("I loved the film. It was").From(steer.Attention))
	return plotting.AttentionHeads(inside.Pattern(4))
}

func methodsCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl")
	return plotting.Methods(nb.Run(m.Methods(m.Behavior(set.Train())).OnExamples(set.Test()).WithPairs(steer.Pairs("testdata/sentiment-pairs.jsonl").Train())))
}

func stabilityCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl")
	return plotting.Specifications(nb.Run(m.Stability(m.Behavior(set.Train())).Rules(steer.RelP, steer.Gradient).Resamples(20).Controls(19)))
}

func infoCell(m *steer.Model) any {
	return nb.Run(m.Info()).Shape()
}

func tokensCell(m *steer.Model) any {
	return m.Tokens("I loved Sacramento in 2024.")
}

func generateCell(m *steer.Model) any {
	text := "I loved the film. It was"
	ask := m.Generate(text).MaxTokens(8)
	circuit := nb.Run(m.Attribute(text).Target(" wonderful").Versus(" terrible")).TopK(20)
	return nb.Run(ask).Diff(nb.Run(ask.Ablate(circuit)))
}

func generateEachCell(m *steer.Model) any {
	return m.GenerateEach("I loved the film. It was", "I hated the film. It was", "The capital of France is").MaxTokens(4)
}

func baselineCell(m *steer.Model) any {
	return m.Baseline(steer.Examples("testdata/sentiment.jsonl").First(8))
}

func controlVectorCell(m *steer.Model) any {
	return plotting.ByLayer(nb.Run(m.ControlVector(steer.Pairs("testdata/sentiment-pairs.jsonl").Train())))
}

func universalCell(m *steer.Model) any {
	return m.Universal(steer.DiverseTexts()...).PerLayer(40).In(.6)
}

func writesCell(m *steer.Model) any {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return m.Writes(scores.Layers(4, 5).TopK(6))
}

func topActivationsCell(m *steer.Model) any {
	return m.TopActivations(steer.Neurons("L4/N172"), "I loved the film. It was wonderful.", "I hated the film. It was terrible.", "The capital of France is Paris.")
}

func meanActivationsCell(m *steer.Model) any {
	ask := m.Predict("I loved the film. It was").Of(" wonderful", " terrible")
	circuit := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible")).TopK(20)
	mean := nb.Run(m.MeanActivations(steer.DiverseTexts()...))
	return plotting.BeforeAfter(nb.Run(ask), nb.Run(ask.With(steer.ToMean(circuit, mean))))
}

func unembedCell(m *steer.Model) any {
	inside := nb.Run(m.Capture("I loved the film. It was").From(steer.Residual))
	return m.Unembed(inside.Row(steer.Residual, 0, -1), inside.Row(steer.Residual, 3, -1), inside.Row(steer.Residual, 5, -1)).Normed()
}

func verdictCell(m *steer.Model) any {
	set := steer.Examples("testdata/sentiment.jsonl")
	circuit := nb.Run(m.Behavior(set.Train())).Mean().Positive().TopK(20).Named("sentiment")
	nb.Run(m.Sweep(circuit, 0, 1).OnExamples(set.Test()).Controls(79)).Doses()
	return m.Verdict(circuit).OnExamples(set.Test())
}
