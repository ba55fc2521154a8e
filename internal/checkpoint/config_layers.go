package checkpoint

import (
	"errors"
	"fmt"
)

// The names that layer_types has for what is read.
const (
	fullLayer    = "full_attention"
	slidingLayer = "sliding_attention"
)

// attentions fills in c.Attentions: which layers see a window, and how queries and keys turn.
func (j configJSON) attentions(f family, c *Config) error {
	sliding, err := j.sliding(f, c.Layers)
	if err != nil {
		return err
	}
	window, err := j.window(f)
	if err != nil {
		return err
	}
	turned, err := j.turned(f, c.Layers)
	if err != nil {
		return err
	}
	for l := range c.Attentions {
		a := &c.Attentions[l]
		if sliding[l] {
			if window == 0 {
				return fmt.Errorf("layer_types says that layer %d has %s, but sliding_window or use_sliding_window says that no layer has a window; they contradict each other", l, slidingLayer)
			}
			a.Window = window
			if f.defaults.localTheta > 0 {
				a.Rope = 1
			}
		}
		if !turned[l] {
			a.Rope = -1
		}
	}
	return nil
}

// window returns the width of windows, 0 where no layer has one.
func (j configJSON) window(f family) (int, error) {
	if !f.reads["sliding_window"] || f.reads["use_sliding_window"] && !or(j.UseWindow, false) {
		return 0, nil
	}
	if j.Window == nil {
		if _, null := j.members["sliding_window"]; null {
			return 0, nil
		}
		return f.defaults.window, nil
	}
	if *j.Window < 1 || *j.Window > maxSize {
		return 0, fmt.Errorf("sliding_window is %d, not in 1…%d", *j.Window, maxSize)
	}
	return *j.Window, nil
}

// sliding says which layers see a window: those that layer_types names, else what the family does without it.
func (j configJSON) sliding(f family, layers int) ([]bool, error) {
	out := make([]bool, layers)
	if f.reads["layer_types"] && j.Types != nil {
		if len(j.Types) != layers {
			return nil, fmt.Errorf("layer_types has %d entries, the model %d layers", len(j.Types), layers)
		}
		for l, t := range j.Types {
			if t != fullLayer && t != slidingLayer {
				return nil, fmt.Errorf("layer_types says that layer %d has %.60q, which is not supported; %s and %s are", l, t, fullLayer, slidingLayer)
			}
			out[l] = t == slidingLayer
		}
		return out, nil
	}
	window, err := j.window(f)
	if err != nil || window == 0 && f.every == 0 {
		return out, err
	}
	every, err := j.pattern(f)
	if err != nil {
		return nil, err
	}
	for l := range out {
		switch {
		case every > 0:
			out[l] = (l+1)%every != 0
		case f.reads["max_window_layers"]:
			out[l] = l >= or(j.FullLayers, 28)
		case f.reads["no_rope_layers"]:
			turned, err := j.turned(f, layers)
			if err != nil {
				return nil, err
			}
			out[l] = !turned[l]
		default:
			out[l] = true
		}
	}
	return out, nil
}

// pattern returns the number of layers of which one sees everything, 0 where the family has no such pattern.
func (j configJSON) pattern(f family) (int, error) {
	if !f.reads["sliding_window_pattern"] {
		return f.every, nil
	}
	every := or(j.Pattern, or(j.OldPattern, f.every))
	if every < 1 {
		return 0, fmt.Errorf("sliding_window_pattern is %d, not 1 or more", every)
	}
	if j.OldPattern != nil && *j.OldPattern != every {
		return 0, fmt.Errorf("sliding_window_pattern is %d, _sliding_window_pattern is %d; they contradict each other", every, *j.OldPattern)
	}
	return every, nil
}

// turned says in which layers queries and keys turn by their positions.
func (j configJSON) turned(f family, layers int) ([]bool, error) {
	out := make([]bool, layers)
	switch {
	case !f.reads["no_rope_layers"]:
		for l := range out {
			out[l] = true
		}
	case j.Turned == nil:
		every := or(j.TurnedEvery, 4)
		if every < 1 {
			return nil, fmt.Errorf("no_rope_layer_interval is %d, not 1 or more", every)
		}
		for l := range out {
			out[l] = (l+1)%every != 0
		}
	case len(j.Turned) != layers:
		return nil, fmt.Errorf("no_rope_layers has %d entries, the model %d layers", len(j.Turned), layers)
	default:
		for l, t := range j.Turned {
			if t != 0 && t != 1 {
				return nil, errors.New("no_rope_layers has other entries than 0 and 1")
			}
			out[l] = t == 1
		}
	}
	return out, nil
}
