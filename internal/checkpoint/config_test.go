package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// config returns a small config.json with some members replaced; nil removes one.
func config(change map[string]any) []byte {
	m := map[string]any{"architectures": []string{Llama}, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
		"num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100, "max_position_embeddings": 131072,
		"rms_norm_eps": 1e-5, "rope_theta": 500000.0, "hidden_act": "silu", "bos_token_id": 1, "eos_token_id": 2}
	maps.Copy(m, change)
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // only a mistake in this file
	}
	return b
}

type fields = map[string]any

func TestConfigRefuses(t *testing.T) {
	for want, change := range map[string]fields{
		`architecture ["Qwen3ForCausalLM"] is not supported; LlamaForCausalLM is`:          {"architectures": []string{"Qwen3ForCausalLM"}},
		`architecture "gemma3" is not supported`:                                           {"architectures": nil, "model_type": "gemma3"},
		"attention_bias is true":                                                           {"attention_bias": true},
		"mlp_bias is true":                                                                 {"mlp_bias": true},
		`hidden_act "gelu" is not supported; silu is`:                                      {"hidden_act": "gelu"},
		"quantization_config":                                                              {"quantization_config": fields{"bits": 4}},
		`it does not say ["hidden_size" "vocab_size"]`:                                     {"hidden_size": nil, "vocab_size": nil},
		"hidden_size 64 is no multiple of num_attention_heads 3":                           {"num_attention_heads": 3},
		"4 attention heads cannot share 3 key and value heads evenly":                      {"num_key_value_heads": 3},
		"a head of width 7 has no rotary pairs":                                            {"head_dim": 7},
		"the number of layers is 0, not in":                                                {"num_hidden_layers": 0},
		"the number of layers is 1000000, not in":                                          {"num_hidden_layers": 1000000},
		"the width is -64":                                                                 {"hidden_size": -64},
		"the vocabulary is 0":                                                              {"vocab_size": 0},
		"epsilon is 0,":                                                                    {"rms_norm_eps": 0},
		"begins a text is 100, outside the vocabulary of 100":                              {"bos_token_id": 100},
		"ends a text is -5":                                                                {"eos_token_id": []int{2, -5}},
		"eos_token_id is neither":                                                          {"eos_token_id": "</s>"},
		"rope_theta is -1, not a positive number":                                          {"rope_theta": -1},
		`rotary scaling "yarn" is not supported; default, linear and llama3 are`:           {"rope_scaling": fields{"rope_type": "yarn", "factor": 2}},
		"factor is 0, not a positive number":                                               {"rope_scaling": fields{"type": "linear"}},
		"low_freq_factor is 0":                                                             {"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "high_freq_factor": 4}},
		"high_freq_factor 1 must be larger than low_freq_factor 1":                         {"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "low_freq_factor": 1, "high_freq_factor": 1}},
		"partial_rotary_factor 0.5":                                                        {"rope_parameters": fields{"partial_rotary_factor": 0.5}},
		"rope_theta is 500000, and 10000 in rope_parameters; they contradict each other":   {"rope_parameters": fields{"rope_theta": 10000}},
		`rope_scaling is "linear", rope_parameters is "default"; they contradict each oth`: {"rope_scaling": fields{"type": "linear", "factor": 2}, "rope_parameters": fields{}},
	} {
		if _, err := parseConfig(config(change), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", change, err, want)
		}
	}
}

// Several contradictions are named in one error.
func TestConfigNamesAll(t *testing.T) {
	_, err := parseConfig(config(fields{"num_key_value_heads": 3, "rms_norm_eps": -1, "bos_token_id": 500}), nil)
	if err == nil || strings.Count(err.Error(), ";") != 2 {
		t.Errorf("%v", err)
	}
}

func TestConfigDefaults(t *testing.T) {
	c, err := parseConfig(config(fields{"architectures": nil, "model_type": "llama", "num_key_value_heads": nil, "max_position_embeddings": nil,
		"rms_norm_eps": nil, "rope_theta": nil, "hidden_act": nil, "bos_token_id": nil, "eos_token_id": nil}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.KVHeads != 4 || c.Positions != 2048 || c.Eps != 1e-6 || c.Tied || c.BOS != -1 || len(c.Ends) != 0 ||
		c.HeadDim != 16 || c.InvFreq[4] != 1/math.Pow(10000, 0.5) {
		t.Errorf("%+v", c)
	}
}

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		config     any
		generation string
		want       []int32
	}{
		{2, "", []int32{2}},
		{[]int{9, 2, 9}, "", []int32{2, 9}},
		{2, `{"eos_token_id": [4, 3]}`, []int32{3, 4}},
		{2, `{"eos_token_id": 5}`, []int32{5}},
		{2, `{"eos_token_id": null}`, []int32{2}},
		{2, `{}`, []int32{2}},
		{nil, `{}`, nil},
	} {
		got, err := parseConfig(config(fields{"eos_token_id": c.config}), []byte(c.generation))
		if err != nil || !slices.Equal(got.Ends, c.want) {
			t.Errorf("%v %s: %v %v, want %v", c.config, c.generation, got.Ends, err, c.want)
		}
	}
}

// The wanted numbers were computed apart from this program, in Python, from the definitions.
func TestRotaryFrequencies(t *testing.T) {
	base := []float64{1.0, 0.19392274474868576, 0.03760603093086393, 0.0072926647372171085, 0.001414213562373095, 0.0002742481756762073, 5.318295896944989e-05, 1.031338537721246e-05}
	llama3 := []float64{1.0, 0.19392274474868576, 0.03760603093086393, 0.0072926647372171085, 0.0005248461609929547, 3.428102195952591e-05, 6.647869871181236e-06, 1.2891731721515574e-06}
	half := make([]float64, len(base))
	for i := range half {
		half[i] = base[i] / 2
	}
	stretch := fields{"factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 8192}
	with := func(more fields) fields { m := maps.Clone(stretch); maps.Copy(m, more); return m }
	for name, c := range map[string]struct {
		change fields
		want   []float64
	}{
		"none":           {nil, base},
		"null":           {fields{"rope_scaling": json.RawMessage("null")}, base},
		"linear":         {fields{"rope_scaling": fields{"type": "linear", "factor": 2}}, half},
		"llama3":         {fields{"rope_scaling": with(fields{"rope_type": "llama3"})}, llama3},
		"v5 default":     {fields{"rope_theta": nil, "rope_parameters": fields{"rope_type": "default", "rope_theta": 500000}}, base},
		"v5 llama3":      {fields{"rope_theta": nil, "rope_parameters": with(fields{"rope_type": "llama3", "rope_theta": 500000})}, llama3},
		"both, agreeing": {fields{"rope_scaling": with(fields{"type": "llama3"}), "rope_parameters": with(fields{"rope_type": "llama3"})}, llama3},
	} {
		got, err := parseConfig(config(c.change), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.InvFreq) != len(c.want) {
			t.Errorf("%s: %d frequencies", name, len(got.InvFreq))
			continue
		}
		for i, want := range c.want {
			if math.Abs(got.InvFreq[i]-want) > 1e-14*want {
				t.Errorf("%s: frequency %d is %g, want %g", name, i, got.InvFreq[i], want)
			}
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(config(nil), []byte(`{"eos_token_id": [2, 3]}`))
	f.Add(config(fields{"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "low_freq_factor": 1, "high_freq_factor": 4}}), []byte(nil))
	f.Add(config(fields{"head_dim": 1 << 40, "num_hidden_layers": -1}), []byte(`{`))
	f.Fuzz(func(t *testing.T, b, generation []byte) {
		c, err := parseConfig(b, generation)
		if err != nil {
			return
		}
		if err := c.check(); err != nil || len(c.InvFreq) != c.HeadDim/2 || len(c.Layout()) < 11 {
			t.Fatal(fmt.Sprint(c, err))
		}
	})
}
