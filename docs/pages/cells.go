package main

import (
	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// cells make the figures of the pages from the teaching model. A page shows the body of its task's cell, with nb.Show in
// place of return.
var cells = map[string]func(m *steer.Model) *plotting.Figure{
	"Attribute":    attributeCell,
	"Faithfulness": faithfulnessCell,
	"Sweep":        sweepCell,
}

func attributeCell(m *steer.Model) *plotting.Figure {
	scores := nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
	return plotting.HeatMap(scores)
}

func sweepCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	circuit := nb.Run(m.Behavior(set.Train())).Mean().Positive().TopK(20).Named("sentiment")
	return plotting.DoseResponse(nb.Run(m.Sweep(circuit, steer.Range(0, 2, .5)...).OnExamples(set.Test()).Controls(39)))
}

func faithfulnessCell(m *steer.Model) *plotting.Figure {
	set := steer.Examples("testdata/sentiment.jsonl")
	ranking := nb.Run(m.Behavior(set.Train()))
	return plotting.Faithfulness(nb.Run(m.Faithfulness(ranking, set.Test()).Controls(19)))
}
