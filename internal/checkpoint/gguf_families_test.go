package checkpoint

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// llamaCpp is what llama.cpp's converter makes of a model: its architecture, its names of a layer's tensors, whether rows of q
// and k are permuted, and metadata beside the common ones. Written from gguf-py/gguf/constants.py and conversion/*.py, apart
// from the tables that read it.
type llamaCpp struct {
	arch     string
	names    string // of Hugging Face and of llama.cpp by turns, beside those that all have
	permuted bool
	metadata map[string]any // without the architecture in front
}

var conversions = map[string]llamaCpp{
	"llama":   {"llama", preNames, true, nil},
	"mistral": {"llama", preNames, true, nil},
	"qwen2":   {"qwen2", preNames, false, nil},
	"qwen3":   {"qwen3", preNames + qkNames, false, map[string]any{"rope.freq_base": float32(1e6)}},
	"gemma2": {"gemma2", bothNames, false, map[string]any{"attn_logit_softcapping": float32(2), "final_logit_softcapping": float32(5),
		"attention.sliding_window": uint32(4), "attention.scale": float32(1 / math.Sqrt(12))}},
	"gemma3": {"gemma3", bothNames + qkNames, false, map[string]any{"attention.sliding_window": uint32(4),
		"attention.sliding_window_pattern": uint32(3), "attention.scale": float32(1 / math.Sqrt(12)), "rope.freq_base": float32(1e6),
		"rope.scaling.type": "linear", "rope.scaling.factor": float32(8), "rope.freq_base_swa": float32(1e4)}},
	"olmo2":   {"olmo2", postNames + qkNames, false, map[string]any{"rope.freq_base": float32(500000)}},
	"phi3":    {"phi3", preNames, false, map[string]any{"attention.sliding_window": uint32(0), "rope.scaling.original_context_length": uint32(256)}},
	"smollm3": {"smollm3", preNames, true, map[string]any{"rope.freq_base": float32(2e6)}},
	"granite": {"granite", preNames, true, map[string]any{"attention.scale": float32(0.5), "embedding_scale": float32(12),
		"residual_scale": float32(0.25), "logit_scale": float32(8)}},
}

const (
	preNames  = " input_layernorm attn_norm post_attention_layernorm ffn_norm"
	bothNames = " input_layernorm attn_norm post_attention_layernorm post_attention_norm pre_feedforward_layernorm ffn_norm post_feedforward_layernorm post_ffw_norm"
	postNames = " post_attention_layernorm post_attention_norm post_feedforward_layernorm post_ffw_norm"
	qkNames   = " self_attn.q_norm attn_q_norm self_attn.k_norm attn_k_norm"
	allNames  = ` self_attn.q_proj attn_q self_attn.k_proj attn_k self_attn.v_proj attn_v self_attn.o_proj attn_output mlp.gate_proj ffn_gate
		mlp.up_proj ffn_up mlp.down_proj ffn_down`
)

// convertAs writes a model that is open as a GGUF of a family.
func convertAs(t *testing.T, m *Model, to llamaCpp) converted {
	t.Helper()
	c := converted{metadata: vocabulary(t, m), tensors: map[string]tensorfile.Tensor{}}
	set := func(key string, v any) { c.metadata[to.arch+"."+key] = v }
	c.metadata["general.architecture"] = to.arch
	for key, n := range map[string]int{"block_count": m.Layers, "embedding_length": m.Width, "feed_forward_length": m.Neurons,
		"attention.head_count": m.Heads, "attention.head_count_kv": m.KVHeads, "context_length": m.Positions, "vocab_size": m.Vocab,
		"attention.key_length": m.HeadDim, "attention.value_length": m.HeadDim, "rope.dimension_count": m.HeadDim} {
		set(key, uint32(n))
	}
	set("attention.layer_norm_rms_epsilon", float32(m.Eps))
	set("rope.freq_base", float32(10000))
	for key, v := range to.metadata {
		set(key, v)
	}
	names := strings.Fields(to.names + allNames)
	part := map[string]string{}
	for i := 0; i < len(names); i += 2 {
		part[names[i]] = names[i+1]
	}
	for name, shape := range m.Layout() {
		w, err := m.Tensor(name)
		if err != nil {
			t.Fatal(err)
		}
		width := product(shape[1:])
		switch {
		case to.permuted && strings.Contains(name, "q_proj"):
			w = permute(w, m.Heads, m.HeadDim, width)
		case to.permuted && strings.Contains(name, "k_proj"):
			w = permute(w, m.KVHeads, m.HeadDim, width)
		}
		short := name
		if layer, ok := strings.CutPrefix(name, "model.layers."); ok {
			n, rest, _ := strings.Cut(layer, ".")
			dot := strings.LastIndexByte(rest, '.')
			short = "blk." + n + "." + part[rest[:dot]] + rest[dot:]
		}
		short = strings.NewReplacer("model.embed_tokens", "token_embd", "model.norm", "output_norm", "lm_head", "output").Replace(short)
		c.tensors[short] = tensorfile.Tensor{Name: short, Shape: shape, Data: w}
	}
	if to.arch == "phi3" {
		for l := range m.Layers {
			c.merge(t, l, "attn_qkv", "attn_q", "attn_k", "attn_v")
			c.merge(t, l, "ffn_up", "ffn_gate", "ffn_up")
		}
	}
	return c
}

// merge puts tensors of a layer below each other.
func (c converted) merge(t *testing.T, layer int, whole string, parts ...string) {
	t.Helper()
	merged := tensorfile.Tensor{Name: fmt.Sprintf("blk.%d.%s.weight", layer, whole), Shape: []int{0, 0}}
	for _, part := range parts {
		name := fmt.Sprintf("blk.%d.%s.weight", layer, part)
		x, ok := c.tensors[name]
		if !ok {
			t.Fatalf("no %s", name)
		}
		merged.Shape[0], merged.Shape[1] = merged.Shape[0]+x.Shape[0], x.Shape[1]
		merged.Data = append(merged.Data, x.Data...)
		delete(c.tensors, name)
	}
	c.tensors[merged.Name] = merged
}

// A model of each family is the same from a folder and from the GGUF that llama.cpp makes of it: config and every number.
func TestGGUFOfEveryFamily(t *testing.T) {
	dirs := map[string]string{"smollm3": randomFolder(t, 1, fields{"architectures": []string{"SmolLM3ForCausalLM"}, "num_hidden_layers": 5,
		"rope_theta": 2e6, "attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true, "max_position_embeddings": 256}),
		"granite": randomFolder(t, 2, fields{"architectures": []string{"GraniteForCausalLM"}, "rope_theta": 10000, "embedding_multiplier": 12,
			"residual_multiplier": 0.25, "attention_multiplier": 0.5, "logits_scaling": 8, "attention_bias": true})}
	for kind, to := range conversions {
		dir := dirs[kind]
		if dir == "" {
			dir = tinyDir(kind)
		}
		folder := opened(t, dir)
		gguf := opened(t, convertAs(t, folder, to).file(t))
		want := folder.Config
		if kind == "mistral" { // llama.cpp has no architecture for it, and forgets the window
			want.Architecture = Llama
			want.Attentions = make([]Attention, want.Layers)
		}
		if math.Abs(gguf.QueryScale-want.QueryScale) <= 1e-7*want.QueryScale { // a float32 in a GGUF
			want.QueryScale = gguf.QueryScale
		}
		if a, b := fmt.Sprintf("%+v", gguf.Config), fmt.Sprintf("%+v", want); a != b {
			t.Errorf("%s: the GGUF is %s\nwant %s", kind, a, b)
		}
		sameTensors(t, folder, gguf)
	}
}

// randomFolder writes a small model of any family with random weights, named and fused as its checkpoints are.
func randomFolder(t *testing.T, seed uint64, change fields) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(tiny)); err != nil {
		t.Fatal(err)
	}
	all := fields{"vocab_size": 512}
	maps.Copy(all, change)
	b := config(all)
	c, err := parseConfig(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, whole := c.family()
	w := &weights{at: map[string]place{}}
	layout := c.fuse(w, f.fused)
	random := rand.New(rand.NewPCG(seed, 7))
	var tensors []tensorfile.Tensor
	for _, name := range slices.Sorted(maps.Keys(layout)) {
		x := tensorfile.Tensor{Name: name, Shape: layout[name], Data: make([]float32, product(layout[name]))}
		for i := range x.Data {
			x.Data[i] = float32(random.NormFloat64())
		}
		if whole {
			x.Name = "language_model." + name
		}
		tensors = append(tensors, x)
	}
	writeFile(t, filepath.Join(dir, "config.json"), b)
	writeWeights(t, filepath.Join(dir, "model.safetensors"), tensors)
	return dir
}

// What a GGUF says of its family otherwise than in the golden models.
func TestGGUFFamilyVariants(t *testing.T) {
	phi := opened(t, tinyDir("phi3"))
	gemma := opened(t, tinyDir("gemma3"))
	factors := func(name string, v float32) tensorfile.Tensor {
		return tensorfile.Tensor{Name: name, Shape: []int{4}, Data: []float32{v, v, v, v}}
	}
	for name, c := range map[string]struct {
		of     *Model
		kind   string
		change func(c converted)
		check  func(m *Model) bool
	}{
		"phi3, unfused": {phi, "phi3", func(c converted) {
			for l := range phi.Layers {
				x := c.tensors[fmt.Sprintf("blk.%d.attn_qkv.weight", l)]
				delete(c.tensors, x.Name)
				for _, p := range []struct {
					name   string
					lo, hi int
				}{{"attn_q", 0, 32}, {"attn_k", 32, 48}, {"attn_v", 48, 64}} {
					n := fmt.Sprintf("blk.%d.%s.weight", l, p.name)
					c.tensors[n] = tensorfile.Tensor{Name: n, Shape: []int{p.hi - p.lo, 32}, Data: x.Data[p.lo*32 : p.hi*32]}
				}
			}
		}, func(m *Model) bool { sameTensors(t, phi, m); return true }},
		"phi3, longrope": {phi, "phi3", func(c converted) {
			c.tensors["s"], c.tensors["l"] = factors(ropeShort, 2), factors(ropeLong, 4)
			c.metadata["phi3.rope.scaling.original_context_length"], c.metadata["phi3.rope.scaling.attn_factor"] = uint32(64), float32(1.5)
		}, func(m *Model) bool {
			return m.Positions == 64 && m.Ropes[0].InvFreq[0] == 0.5 && m.Ropes[0].Scale == 1.5
		}},
		"phi3, a window": {phi, "phi3", func(c converted) { c.metadata["phi3.attention.sliding_window"] = uint32(9) },
			func(m *Model) bool { return m.Attentions[0].Window == 9 && m.Attentions[2].Window == 9 }},
		"gemma3, a list": {gemma, "gemma3", func(c converted) {
			c.metadata["gemma3.attention.sliding_window_pattern"] = []bool{false, true, true, false}
		}, func(m *Model) bool {
			return fmt.Sprint(m.Attentions) == "[{0 0} {4 1} {4 1} {0 0}]"
		}},
		"gemma3, unsaid": {gemma, "gemma3", func(c converted) {
			for _, key := range []string{"attention.scale", "attention.sliding_window_pattern", "rope.freq_base_swa"} {
				delete(c.metadata, "gemma3."+key)
			}
		}, func(m *Model) bool {
			return m.QueryScale == 0.25 && m.Attentions[2].Window == 4 && m.Ropes[1].InvFreq[1] == gemma.Ropes[1].InvFreq[1]
		}},
		"gemma2, unsaid": {opened(t, tinyDir("gemma2")), "gemma2", func(c converted) {
			for _, key := range []string{"attn_logit_softcapping", "final_logit_softcapping", "attention.sliding_window"} {
				delete(c.metadata, "gemma2."+key)
			}
		}, func(m *Model) bool { return m.AttentionCap == 50 && m.LogitCap == 30 && m.Attentions[0].Window == 4096 }},
		"gemma2, 27B": {opened(t, randomFolder(t, 6, fields{"architectures": []string{"Gemma2ForCausalLM"}, "hidden_act": nil, "head_dim": 4, "num_hidden_layers": 46})),
			"gemma2", func(c converted) { delete(c.metadata, "gemma2.attention.scale") }, func(m *Model) bool { return m.QueryScale == 0.25 }}, // 1/√(64/4)
		"yarn": {opened(t, tinyDir("qwen3")), "qwen3", func(c converted) {
			c.metadata["qwen3.rope.scaling.type"], c.metadata["qwen3.rope.scaling.factor"] = "yarn", float32(4)
			c.metadata["qwen3.rope.scaling.original_context_length"], c.metadata["qwen3.rope.scaling.yarn_ext_factor"] = uint32(64), float32(1)
		}, func(m *Model) bool {
			return math.Abs(m.Ropes[0].Scale-(1+0.1*math.Log(4))) < 1e-15 && m.Ropes[0].InvFreq[0] == 1
		}},
	} {
		x := convertAs(t, c.of, conversions[c.kind])
		c.change(x)
		if m := opened(t, x.file(t)); !c.check(m) {
			t.Errorf("%s: %+v", name, m.Config)
		}
	}
}

func TestGGUFFamiliesRefuse(t *testing.T) {
	of := map[string]*Model{}
	for _, kind := range []string{"phi3", "gemma3", "olmo2", "qwen2", "qwen3"} {
		of[kind] = opened(t, tinyDir(kind))
	}
	of["granite"] = opened(t, randomFolder(t, 3, fields{"architectures": []string{"GraniteForCausalLM"}}))
	for want, c := range map[string]struct {
		kind string
		key  string
		v    any
	}{
		"olmo2.attention.sliding_window is 16":                {"olmo2", "olmo2.attention.sliding_window", uint32(16)},
		"granite.rope.scaling.finetuned is false":             {"granite", "granite.rope.scaling.finetuned", false},
		"qwen3.pooling_type is 4":                             {"qwen3", "qwen3.pooling_type", uint32(4)},
		"qwen2.attn_logit_softcapping is 30":                  {"qwen2", "qwen2.attn_logit_softcapping", float32(30)},
		"gemma3.attn_logit_softcapping is 30":                 {"gemma3", "gemma3.attn_logit_softcapping", float32(30)},
		"gemma3.attention.sliding_window_pattern has 3":       {"gemma3", "gemma3.attention.sliding_window_pattern", []bool{true, true, true}},
		"qwen3moe\" is not supported: it is a mixture":        {"qwen3", "general.architecture", "qwen3moe"},
		"gemma4\" is not supported: Gemma 4":                  {"gemma3", "general.architecture", "gemma4"},
		"llama4\" is not supported: Llama 4":                  {"qwen3", "general.architecture", "llama4"},
		"must have the tensors rope_factors_short.weight":     {"phi3", "phi3.rope.scaling.type", "longrope"},
		"phi3.rope.scaling.yarn_attn_factor is 1.5":           {"phi3", "phi3.rope.scaling.yarn_attn_factor", float32(1.5)},
		"qwen2.rope.freq_base_swa is 10000":                   {"qwen2", "qwen2.rope.freq_base_swa", float32(10000)},
		"gemma3.rope.freq_base_swa (a number)":                {"gemma3", "gemma3.rope.freq_base_swa", "low"},
		"qwen3.expert_count is 8":                             {"qwen3", "qwen3.expert_count", uint32(8)},
		"the soft cap of logits is -1, not a positive number": {"gemma3", "gemma3.final_logit_softcapping", float32(-1)},
	} {
		x := convertAs(t, of[c.kind], conversions[c.kind])
		x.metadata[c.key] = c.v
		if err := openError(t, x.file(t)); !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	// A scaling that its own setting contradicts.
	x := convertAs(t, of["qwen3"], conversions["qwen3"])
	maps.Copy(x.metadata, map[string]any{"qwen3.rope.scaling.type": "yarn", "qwen3.rope.scaling.factor": float32(2), "qwen3.rope.scaling.yarn_ext_factor": float32(0)})
	if err := openError(t, x.file(t)); !strings.Contains(err.Error(), "qwen3.rope.scaling.yarn_ext_factor is 0") {
		t.Error(err)
	}
	// One of two lists of divisors, and biases that a family cannot be without.
	x = convertAs(t, of["phi3"], conversions["phi3"])
	x.tensors["s"] = tensorfile.Tensor{Name: ropeShort, Shape: []int{4}, Data: []float32{1, 1, 1, 1}}
	if err := openError(t, x.file(t)); !strings.Contains(err.Error(), "only one is there") {
		t.Error(err)
	}
	x = convertAs(t, of["qwen2"], conversions["qwen2"])
	for name := range x.tensors {
		if strings.HasSuffix(name, ".bias") {
			delete(x.tensors, name)
		}
	}
	if err := openError(t, x.file(t)); !strings.Contains(err.Error(), "self_attn.q_proj.bias is missing") {
		t.Error(err)
	}
}
