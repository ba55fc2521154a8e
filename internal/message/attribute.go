package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// AttributeSettings is a relevance attribution as a message.
type AttributeSettings struct {
	Prompt Prompt         `json:"prompt"`
	Metric Metric         `json:"metric"`
	Rule   engine.Rule    `json:"rule"`
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s AttributeSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (AttributeSettings) Kind() Kind { return Kind{"attribute", "attribute", 3} }

// Check implements Settings.
func (s AttributeSettings) Check() error {
	return errors.Join(s.Prompt.checkAlone(), s.Metric.check(), checkRule(s.Rule))
}

// AttributeBody is the part of an attribution's record that is not tensors.
type AttributeBody struct {
	Shape        engine.Shape   `json:"shape"`
	Tokens       []engine.Token `json:"tokens"`
	BOS          bool           `json:"bos"` // the first token is a real BOS
	Metric       Resolved       `json:"metric"`
	Rule         engine.Rule    `json:"rule"`
	Target       Ranked         `json:"target"` // the target at the last position
	Conservation Conservation   `json:"conservation"`
	Completeness *Completeness  `json:"completeness,omitempty"` // of integrated gradients
}

// Conservation is the self-check of an attribution: see steer.Conservation.
type Conservation struct {
	Holds     bool      `json:"holds"`            // the rule has this identity; Gradient and integrated gradients have none
	Metric    float64   `json:"metric"`           // m, in the metric's unit
	Linear    float64   `json:"linear"`           // ⟨∂m/∂z, z⟩: m, unless it is a log-probability or logits are capped
	Tokens    float64   `json:"tokens"`           // Σ_t ⟨∂m/∂e_t, e_t⟩
	Attention float64   `json:"attention"`        // what queries and keys take; 0 under Frozen
	ByLayer   []float64 `json:"byLayer"`          // half of it by layer [L]
	Biases    float64   `json:"biases,omitempty"` // Σ ⟨∂m/∂b, b⟩ over the biases b
	Injected  float64   `json:"injected"`         // relevance of what an intervention put in as a constant
}

// Completeness is the self-check of integrated gradients: see steer.Completeness.
type Completeness struct {
	Steps     int       `json:"steps"`
	Baselines []float64 `json:"baselines"` // m without the neurons of each layer [L]
	Sums      []float64 `json:"sums"`      // of each layer's scores [L]
	Absolutes []float64 `json:"absolutes"` // of their sizes [L]
}
