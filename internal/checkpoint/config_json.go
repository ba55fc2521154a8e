package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// configJSON holds the members of config.json that a family may read. A pointer is nil where the file says nothing, or null;
// then the default of the family's config class holds. Sizes have no default here.
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
	Tied          *bool           `json:"tie_word_embeddings"`
	tokensJSON
	partsJSON

	members map[string]json.RawMessage
}

// partsJSON holds those that only some families read.
type partsJSON struct {
	HiddenAct        *string  `json:"hidden_act"`
	HiddenActivation *string  `json:"hidden_activation"`
	AttentionBias    *bool    `json:"attention_bias"`
	MLPBias          *bool    `json:"mlp_bias"`
	QueryScalar      *float64 `json:"query_pre_attn_scalar"`
	AttentionCap     *float64 `json:"attn_logit_softcapping"`
	LogitCap         *float64 `json:"final_logit_softcapping"`
	Embedding        *float64 `json:"embedding_multiplier"`
	Attention        *float64 `json:"attention_multiplier"`
	Residual         *float64 `json:"residual_multiplier"`
	Logits           *float64 `json:"logits_scaling"`
	windowsJSON
}

// windowsJSON is what says which layers see a window, and which turn queries and keys.
type windowsJSON struct {
	Window      *int     `json:"sliding_window"`
	UseWindow   *bool    `json:"use_sliding_window"`
	FullLayers  *int     `json:"max_window_layers"` // those before it see everything
	Types       []string `json:"layer_types"`
	Pattern     *int     `json:"sliding_window_pattern"`
	OldPattern  *int     `json:"_sliding_window_pattern"`
	LocalTheta  *float64 `json:"rope_local_base_freq"`
	Turned      []int    `json:"no_rope_layers"` // 0: it does not turn
	TurnedEvery *int     `json:"no_rope_layer_interval"`
}

// commonFields are the members that every family reads.
var commonFields = words(`architectures model_type hidden_size intermediate_size num_hidden_layers num_attention_heads
	num_key_value_heads head_dim vocab_size max_position_embeddings rms_norm_eps rope_theta rope_scaling rope_parameters
	original_max_position_embeddings tie_word_embeddings bos_token_id eos_token_id`)

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
		if c.BOS < 0 { // Gemma 3's config.json leaves it to this file
			c.BOS = or(g.BOS, -1)
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
	members, outer, err := textOf(members)
	if err != nil {
		return Config{}, err
	}
	var j configJSON
	if err := decodeExact(members, &j, words("architectures model_type")); err != nil {
		return Config{}, err
	}
	f, err := j.family()
	if err != nil {
		return Config{}, err
	}
	own := union(commonFields, f.reads)
	if err := decodeExact(members, &j, own); err != nil {
		return Config{}, err
	}
	j.members = members
	c, theta, err := j.config(f)
	if err != nil {
		return Config{}, err
	}
	bad := append(otherComputation(members, own, c), contradictAliases(members, map[string]any{
		"hidden_size": float64(c.Width), "intermediate_size": float64(c.Neurons), "num_hidden_layers": float64(c.Layers),
		"num_attention_heads": float64(c.Heads), "num_key_value_heads": float64(c.KVHeads), "rms_norm_eps": c.Eps, "rope_theta": theta,
	})...)
	if len(bad) > 0 {
		return Config{}, errors.New(modelref.FirstTen(bad, "; "))
	}
	if outer != "" {
		c.Architecture = outer
	}
	return c, nil
}

// family finds out which family's config this is.
func (j configJSON) family() (family, error) {
	switch f, known := familyOf(func(f family) bool { return f.kind == j.ModelType }); {
	case len(j.Architectures) == 0 && known:
		return f, nil
	case len(j.Architectures) == 0:
		return family{}, notSupported(fmt.Sprintf("architecture %q", j.ModelType), j.ModelType)
	}
	f, known := familyOf(func(f family) bool { return slices.Equal(j.Architectures, []string{f.architecture}) })
	switch {
	case !known:
		return family{}, notSupported(fmt.Sprintf("architecture %q", j.Architectures), append(slices.Clone(j.Architectures), j.ModelType)...)
	case j.ModelType != "" && j.ModelType != f.kind:
		return family{}, fmt.Errorf("model_type is %q, but architectures is %q; they contradict each other, %s goes with it", j.ModelType, j.Architectures, f.kind)
	}
	return f, nil
}

// config puts a config together, and returns the base of its rotary frequencies beside it.
func (j configJSON) config(f family) (c Config, theta float64, err error) {
	if err := j.complete(f); err != nil {
		return Config{}, 0, err
	}
	d := f.defaults
	c = Config{
		Layers: *j.Layers, Width: *j.Width, Neurons: *j.Neurons, Heads: or(j.Heads, d.heads), Vocab: or(j.Vocab, d.vocab),
		Positions: or(j.Positions, d.positions), Eps: or(j.Eps, d.eps), Tied: or(j.Tied, d.tied), BOS: or(j.BOS, -1), Ends: j.End,
	}
	c.KVHeads = or(j.KVHeads, c.Heads)
	if d.kvHeads > 0 && j.members["num_key_value_heads"] == nil { // null stands for as many as query heads
		c.KVHeads = d.kvHeads
	}
	switch {
	case j.HeadDim != nil:
		c.HeadDim = *j.HeadDim
	case d.headDim > 0:
		c.HeadDim = d.headDim
	case c.Heads > 0 && c.Width%c.Heads == 0:
		c.HeadDim = c.Width / c.Heads
	default:
		return Config{}, 0, fmt.Errorf("hidden_size %d is no multiple of num_attention_heads %d, and there is no head_dim", c.Width, c.Heads)
	}
	if err := c.checkSizes(); err != nil { // before room is made for frequencies and layers
		return Config{}, 0, err
	}
	f.parts(&c)
	if err := errors.Join(j.parts(f, &c), j.attentions(f, &c)); err != nil {
		return Config{}, 0, oneLine(err)
	}
	ropes, err := j.ropes(f, c)
	if err != nil {
		return Config{}, 0, err
	}
	for _, r := range ropes {
		x, err := r.compute(c.HeadDim)
		if err != nil {
			return Config{}, 0, err
		}
		c.Ropes = append(c.Ropes, x)
		c.Positions = r.reach(c.Positions)
	}
	return c, ropes[0].theta, c.check()
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// complete names every size that is missing.
func (j configJSON) complete(f family) error {
	var missing []string
	for _, s := range []struct {
		name      string
		value     *int
		otherwise int
	}{{"hidden_size", j.Width, 0}, {"intermediate_size", j.Neurons, 0}, {"num_hidden_layers", j.Layers, 0},
		{"num_attention_heads", j.Heads, f.defaults.heads}, {"vocab_size", j.Vocab, f.defaults.vocab}} {
		if s.value == nil && s.otherwise == 0 {
			missing = append(missing, s.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("it does not say %q", missing)
	}
	return nil
}
