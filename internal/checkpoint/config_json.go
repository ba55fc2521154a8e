package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
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
	Scaling       json.RawMessage `json:"rope_scaling"`
	Parameters    json.RawMessage `json:"rope_parameters"` // transformers 5: theta and scaling in one
	Original      *float64        `json:"original_max_position_embeddings"`
	Activation    *string         `json:"hidden_act"`
	Tied          *bool           `json:"tie_word_embeddings"`
	AttentionBias *bool           `json:"attention_bias"`
	MLPBias       *bool           `json:"mlp_bias"`
	tokensJSON
}

// ownFields are the names of configJSON's members.
var ownFields = words(`architectures model_type hidden_size intermediate_size num_hidden_layers num_attention_heads
	num_key_value_heads head_dim vocab_size max_position_embeddings rms_norm_eps rope_theta rope_scaling rope_parameters
	original_max_position_embeddings hidden_act tie_word_embeddings attention_bias mlp_bias bos_token_id eos_token_id`)

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
			return Config{}, fmt.Errorf("generation_config.json: %w", named(err))
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
	members, err := object(b)
	if err != nil {
		return Config{}, err
	}
	var j configJSON
	if err := decodeExact(members, &j, ownFields); err != nil {
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
	bad := append(otherComputation(members, ownFields, c), contradictAliases(members, map[string]any{
		"hidden_size": float64(c.Width), "intermediate_size": float64(c.Neurons), "num_hidden_layers": float64(c.Layers),
		"num_attention_heads": float64(c.Heads), "num_key_value_heads": float64(c.KVHeads), "rms_norm_eps": c.Eps, "rope_theta": r.theta,
	})...)
	if len(bad) > 0 {
		return Config{}, errors.New(modelref.FirstTen(bad, "; "))
	}
	if c.InvFreq, err = r.frequencies(c.HeadDim); err != nil {
		return Config{}, err
	}
	c.llamaParts()
	return c, nil
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
	case j.ModelType != "" && j.ModelType != "llama":
		return fmt.Errorf("model_type is %q, but architectures is %q; they contradict each other, and llama is supported", j.ModelType, j.Architectures)
	case or(j.AttentionBias, false):
		return fmt.Errorf("attention_bias is true; biases are not supported")
	case or(j.MLPBias, false):
		return fmt.Errorf("mlp_bias is true; biases are not supported")
	case or(j.Activation, "silu") != "silu" && *j.Activation != "swish": // two names of x·σ(x)
		return fmt.Errorf("hidden_act %q is not supported; silu is", *j.Activation)
	}
	return nil
}
