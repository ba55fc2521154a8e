package execute

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// stages is what makes sheets a list of stages. Which there are depends on the interventions alone, not on the prompt, so that the
// edits of several prompts can be stacked.
type stages struct {
	used                bool
	gate                *message.Gate
	portion             float32 // of the directions that are taken out
	hasMLP, hasResidual bool    // something is added there, or taken out
	next                *sheet
}

// stage returns the last stage where an intervention can join those that are there, or a new one after it.
func (s *sheet) stage(i message.Intervention) *sheet {
	at := s
	for at.next != nil {
		at = at.next
	}
	if !at.used {
		at.gate = i.Gate
	} else if !at.joins(i) {
		at.next = &sheet{shape: s.shape, t: s.t, stages: stages{gate: i.Gate}}
		at = at.next
	}
	at.used = true
	switch i.Op {
	case message.OpMLP:
		at.hasMLP = true
	case message.OpResidual:
		at.hasResidual = true
	case message.OpProjectMLP:
		at.hasMLP, at.portion = true, float32(i.X)
	case message.OpProjectResidual:
		at.hasResidual, at.portion = true, float32(i.X)
	}
	return at
}

// joins reports whether an intervention does the same in this stage as in one after it: under the same condition, and where a
// stage takes directions out before it adds.
func (s *stages) joins(i message.Intervention) bool {
	if !s.gate.Equal(i.Gate) {
		return false
	}
	switch i.Op {
	case message.OpProjectMLP:
		return !s.hasMLP && (s.portion == 0 || s.portion == float32(i.X))
	case message.OpProjectResidual:
		return !s.hasResidual && (s.portion == 0 || s.portion == float32(i.X))
	}
	return true
}

// plain returns the stage of what is done everywhere after all interventions.
func (s *sheet) plain() *sheet { return s.stage(message.Intervention{Op: message.OpSet}) }

// units returns the directions of a vector [L,D] at length 1; zeros stay zeros.
func units(shape engine.Shape, v message.Numbers) message.Numbers {
	out := make(message.Numbers, len(v))
	for l := range shape.Layers {
		w := len(v) / shape.Layers
		row := v[l*w:][:w]
		n := message.Norm(row)
		for k, x := range row {
			if n > 0 {
				out[l*w+k] = float32(float64(x) / n)
			}
		}
	}
	return out
}

// gateOf is a condition as an engine takes it.
func gateOf(g *message.Gate) *engine.Gate {
	if g == nil {
		return nil
	}
	return &engine.Gate{Site: g.Site, Directions: g.Directions, Above: float32(g.Above), Prompt: g.Prompt}
}
