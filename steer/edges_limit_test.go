package steer_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// broad says that it has many neurons, of which nothing can be asked.
type broad struct {
	engine.Engine
	t *testing.T
}

func (w broad) Shape() engine.Shape {
	s := w.Engine.Shape()
	s.Neurons = 100_000
	return s
}

func (w broad) Edges(context.Context, engine.Edges, func(int, int)) (engine.EdgesResult, error) {
	w.t.Error("the engine is asked for more edges than a record may have")
	return engine.EdgesResult{}, errors.New("not reached")
}

// TestMostEdges: more edges than a record holds are refused before anything is computed, by edges and by profiles.
func TestMostEdges(t *testing.T) {
	e := broad{steertest.NewEngine(), t}
	var nodes []message.EdgeNode
	for n := range 9_000 {
		nodes = append(nodes, message.EdgeNode{Neuron: engine.Neuron{Layer: 1, Index: n}})
	}
	metric := message.Metric{Target: message.TokenRef{How: message.ByText, Text: " Paris"}, Positions: []int{-1}}
	prompt := message.Prompt{Text: "The capital of France is"}
	for _, s := range []message.Settings{
		message.EdgesSettings{Prompt: prompt, Metric: &metric, Rule: engine.RelP, Nodes: nodes, Targets: len(nodes)},
		message.ProfilesSettings{Cases: []message.BehaviorExample{{Prompt: prompt, Metric: metric}}, Rule: engine.RelP, Nodes: nodes},
	} {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		r := steer.Request{Kind: s.Kind().Name, Version: s.Kind().Version, Settings: b}
		if _, err := execute.Run(t.Context(), e, steertest.NewText(), r, nil); !errors.Is(err, steer.TooLarge) {
			t.Errorf("%s: %v", s.Kind().Name, err)
		}
	}
}
