package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// configJSON is config.json of a LlamaForCausalLM. A pointer is nil where the file says nothing, or null; then the
// default of transformers' LlamaConfig holds. Sizes have no default here.
type configJSON struct {
	Architectures []string        `json:"architectures"`
	ModelType     string          `json:"model_type"`
	Width         *int            `json:"hidden_size"`
	Neurons       *int            `json:"intermediate_size"`
	Layers        *int            `json:"num_hidden_layers"`
	Heads         *int            `json:"num_attention_heads"`
	KVHeads       *int            `json:"num_key_value_heads"`
	HeadDim       *int            `json:"head_dim"`
	Vocab         *int            `json:"vocab_size"`
	Positions     *int            `json:"max_position_embeddings"`
	Eps           *float64        `json:"rms_norm_eps"`
	Theta         *float64        `json:"rope_theta"`
	Scaling       *ropeJSON       `json:"rope_scaling"`
	Parameters    *ropeJSON       `json:"rope_parameters"` // transformers 5: theta and scaling in one
	Activation    *string         `json:"hidden_act"`
	Tied          *bool           `json:"tie_word_embeddings"`
	AttentionBias *bool           `json:"attention_bias"`
	MLPBias       *bool           `json:"mlp_bias"`
	Quantization  json.RawMessage `json:"quantization_config"`
	tokensJSON
}

type ropeJSON struct {
	Theta    *float64 `json:"rope_theta"`
	Type     string   `json:"rope_type"`
	OldType  string   `json:"type"`
	Factor   float64  `json:"factor"`
	Low      float64  `json:"low_freq_factor"`
	High     float64  `json:"high_freq_factor"`
	Original float64  `json:"original_max_position_embeddings"`
	Partial  *float64 `json:"partial_rotary_factor"`
}

// tokensJSON is what config.json and generation_config.json have in common.
type tokensJSON struct {
	BOS *int32 `json:"bos_token_id"`
	End tokens `json:"eos_token_id"`
}

// tokens reads one id or a list of them.
type tokens []int32

// UnmarshalJSON reads 2, [2, 4] or null.
func (t *tokens) UnmarshalJSON(b []byte) error {
	var one *int32
	if json.Unmarshal(b, &one) == nil {
		if *t = nil; one != nil {
			*t = tokens{*one}
		}
		return nil
	}
	var many []int32
	if err := json.Unmarshal(b, &many); err != nil {
		return fmt.Errorf("eos_token_id is neither a token id nor a list of them: %s", b)
	}
	*t = many
	return nil
}

// parseConfig reads config.json and, where it is not nil, generation_config.json.
func parseConfig(config, generation []byte) (Config, error) {
	c, err := readConfig(config)
	if err != nil {
		return Config{}, fmt.Errorf("config.json: %w", err)
	}
	if len(generation) > 0 {
		var g tokensJSON
		if err := json.Unmarshal(generation, &g); err != nil {
			return Config{}, fmt.Errorf("generation_config.json: %w", err)
		}
		if len(g.End) > 0 {
			c.Ends = g.End
		}
	}
	c.Ends = slices.Compact(slices.Sorted(slices.Values(c.Ends)))
	if err := c.check(); err != nil {
		return Config{}, err
	}
	return c, nil
}

func readConfig(b []byte) (Config, error) {
	var j configJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return Config{}, err
	}
	if err := errors.Join(j.supported(), j.complete()); err != nil {
		return Config{}, err
	}
	c := Config{
		Architecture: Llama, Layers: *j.Layers, Width: *j.Width, Neurons: *j.Neurons, Heads: *j.Heads, Vocab: *j.Vocab,
		KVHeads: or(j.KVHeads, *j.Heads), Positions: or(j.Positions, 2048), Eps: or(j.Eps, 1e-6),
		Tied: or(j.Tied, false), BOS: or(j.BOS, -1), Ends: j.End,
	}
	switch {
	case j.HeadDim != nil:
		c.HeadDim = *j.HeadDim
	case c.Heads > 0 && c.Width%c.Heads == 0:
		c.HeadDim = c.Width / c.Heads
	default:
		return Config{}, fmt.Errorf("hidden_size %d is no multiple of num_attention_heads %d, and there is no head_dim", c.Width, c.Heads)
	}
	r, err := j.rope(c.Positions)
	if err != nil {
		return Config{}, err
	}
	if err := c.check(); err != nil { // before room is made for frequencies
		return Config{}, err
	}
	c.InvFreq, err = r.frequencies(c.HeadDim)
	return c, err
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// complete names every size that is missing.
func (j configJSON) complete() error {
	var missing []string
	for _, s := range []struct {
		name  string
		value *int
	}{{"hidden_size", j.Width}, {"intermediate_size", j.Neurons}, {"num_hidden_layers", j.Layers},
		{"num_attention_heads", j.Heads}, {"vocab_size", j.Vocab}} {
		if s.value == nil {
			missing = append(missing, s.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("it does not say %q", missing)
	}
	return nil
}

// supported refuses what the decoder does not compute.
func (j configJSON) supported() error {
	switch {
	case len(j.Architectures) == 0 && j.ModelType != "llama":
		return fmt.Errorf("architecture %q is not supported; %s is", j.ModelType, Llama)
	case len(j.Architectures) > 0 && !slices.Equal(j.Architectures, []string{Llama}):
		return fmt.Errorf("architecture %q is not supported; %s is", j.Architectures, Llama)
	case or(j.AttentionBias, false):
		return fmt.Errorf("attention_bias is true; biases are not supported")
	case or(j.MLPBias, false):
		return fmt.Errorf("mlp_bias is true; biases are not supported")
	case or(j.Activation, "silu") != "silu":
		return fmt.Errorf("hidden_act %q is not supported; silu is", *j.Activation)
	case len(j.Quantization) > 0 && string(j.Quantization) != "null":
		return fmt.Errorf("quantization_config: quantized safetensors are not supported; use the original model, or a GGUF of Q4_0, Q4_1, Q5_0, Q5_1 or Q8_0")
	}
	return nil
}

// rope merges the two spellings of rotary settings and names what they contradict each other in.
func (j configJSON) rope(positions int) (rope, error) {
	r := rope{theta: or(j.Theta, 10000), kind: "default"}
	p := j.Scaling
	if j.Parameters != nil {
		if j.Scaling != nil && j.Scaling.kind() != j.Parameters.kind() {
			return r, fmt.Errorf("rope_scaling is %q, rope_parameters is %q; they contradict each other", j.Scaling.kind(), j.Parameters.kind())
		}
		p = j.Parameters
	}
	if p == nil {
		return r, nil
	}
	if p.Theta != nil {
		if j.Theta != nil && *j.Theta != *p.Theta {
			return r, fmt.Errorf("rope_theta is %g, and %g in rope_parameters; they contradict each other", *j.Theta, *p.Theta)
		}
		r.theta = *p.Theta
	}
	if or(p.Partial, 1) != 1 {
		return r, fmt.Errorf("partial_rotary_factor %g is not supported; 1 is", *p.Partial)
	}
	r.kind, r.factor, r.low, r.high, r.original = p.kind(), p.Factor, p.Low, p.High, p.Original
	if r.original == 0 {
		r.original = float64(positions)
	}
	return r, nil
}

func (p ropeJSON) kind() string {
	switch {
	case p.Type != "":
		return p.Type
	case p.OldType != "":
		return p.OldType
	}
	return "default"
}
