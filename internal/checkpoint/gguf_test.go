package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// permute is what llama.cpp's converter does to q and k: rows [heads, 2, headDim/2] become [heads, headDim/2, 2].
func permute(w []float32, heads, headDim, width int) []float32 {
	var out []float32
	for h := range heads {
		for i := range headDim / 2 {
			for part := range 2 {
				row := h*headDim + part*headDim/2 + i
				out = append(out, w[row*width:(row+1)*width]...)
			}
		}
	}
	return out
}

// converted is the teaching model as llama.cpp would have it: metadata by key, tensors by name.
type converted struct {
	metadata map[string]any
	tensors  map[string]tensorfile.Tensor
	stored   []tensorfile.Stored // of other types than float32
}

func convert(t testing.TB) converted {
	t.Helper()
	m := opened(t, "teaching")
	c := converted{metadata: vocabulary(t, m), tensors: map[string]tensorfile.Tensor{}}
	maps.Copy(c.metadata, map[string]any{
		"general.architecture": "llama", "llama.block_count": uint32(m.Layers), "llama.embedding_length": uint32(m.Width),
		"llama.feed_forward_length": uint32(m.Neurons), "llama.attention.head_count": uint32(m.Heads),
		"llama.attention.head_count_kv": uint32(m.KVHeads), "llama.context_length": uint32(m.Positions),
		"llama.attention.layer_norm_rms_epsilon": float32(1e-5), "llama.rope.freq_base": float32(10000),
		"llama.rope.dimension_count": uint32(m.HeadDim), "llama.vocab_size": uint32(m.Vocab),
		"tokenizer.ggml.eot_token_id": uint32(4), "tokenizer.chat_template": "{{ '<' }}"})
	for name, shape := range m.Layout() {
		w, err := m.Tensor(name)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.Contains(name, "q_proj"):
			w = permute(w, m.Heads, m.HeadDim, m.Width)
		case strings.Contains(name, "k_proj"):
			w = permute(w, m.KVHeads, m.HeadDim, m.Width)
		}
		short := strings.NewReplacer("model.embed_tokens", "token_embd", "model.norm", "output_norm", "model.layers.", "blk.",
			"input_layernorm", "attn_norm", "post_attention_layernorm", "ffn_norm", "self_attn.o_proj", "attn_output",
			"self_attn.q_proj", "attn_q", "self_attn.k_proj", "attn_k", "self_attn.v_proj", "attn_v",
			"mlp.gate_proj", "ffn_gate", "mlp.up_proj", "ffn_up", "mlp.down_proj", "ffn_down").Replace(name)
		c.tensors[short] = tensorfile.Tensor{Name: short, Shape: shape, Data: w}
	}
	return c
}

// vocabulary is the metadata of a model's tokenizer.
func vocabulary(t testing.TB, m *Model) map[string]any {
	t.Helper()
	var tok struct {
		Added []struct{ ID int } `json:"added_tokens"`
		Model struct {
			Vocab  map[string]int
			Merges [][2]string
		}
	}
	if err := json.Unmarshal(m.Tokenizer, &tok); err != nil {
		t.Fatal(err)
	}
	tokens, kinds := make([]string, len(tok.Model.Vocab)), make([]int32, len(tok.Model.Vocab))
	for s, id := range tok.Model.Vocab {
		tokens[id], kinds[id] = s, 1
	}
	for _, a := range tok.Added {
		kinds[a.ID] = 3
	}
	var merges []string
	for _, p := range tok.Model.Merges {
		merges = append(merges, p[0]+" "+p[1])
	}
	return map[string]any{
		"tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2", "tokenizer.ggml.tokens": tokens,
		"tokenizer.ggml.token_type": kinds, "tokenizer.ggml.merges": merges, "tokenizer.ggml.add_bos_token": true,
		"tokenizer.ggml.bos_token_id": uint32(1), "tokenizer.ggml.eos_token_id": uint32(2)}
}

func (c converted) bytes(t testing.TB) []byte {
	t.Helper()
	var fields []tensorfile.Field
	for _, k := range slices.Sorted(maps.Keys(c.metadata)) {
		fields = append(fields, tensorfile.Field{Key: k, Value: c.metadata[k]})
	}
	var b bytes.Buffer
	if err := tensorfile.WriteGGUF(&b, fields, slices.Collect(maps.Values(c.tensors)), c.stored...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (c converted) file(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, c.bytes(t), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The same model in both formats is the same: config, every number, and the tokenizer down to its JSON.
func TestGGUFEqualsFolder(t *testing.T) {
	folder, gguf := opened(t, "teaching"), opened(t, convert(t).file(t))
	if a, b := fmt.Sprint(folder.Config), fmt.Sprint(gguf.Config); a != b {
		t.Errorf("config %s, want %s", b, a)
	}
	sameTensors(t, folder, gguf)

	normal := func(b []byte) map[string]any {
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		model := m["model"].(map[string]any)
		var merges []any // the older spelling "a b" and the newer ["a","b"] mean the same
		for _, x := range model["merges"].([]any) {
			if pair, ok := x.([]any); ok {
				x = fmt.Sprint(pair[0], " ", pair[1])
			}
			merges = append(merges, x)
		}
		model["merges"] = merges
		delete(m["post_processor"].(map[string]any), "pair") // pairs of texts are never asked for
		return m
	}
	a, b := normal(folder.Tokenizer), normal(gguf.Tokenizer)
	for k := range a {
		if !reflect.DeepEqual(a[k], b[k]) {
			t.Errorf("tokenizer.json: %s differs", k)
		}
	}
	if got, want := string(gguf.TokenizerConfig), `{"add_bos_token":true,"bos_token":"<s>","chat_template":"{{ '<' }}","eos_token":"</s>"}`; got != want {
		t.Errorf("tokenizer config %s, want %s", got, want)
	}
}

func TestGGUFVariants(t *testing.T) {
	base := convert(t)
	for name, c := range map[string]struct {
		change func(c converted)
		check  func(m *Model) bool
	}{
		"untied": {func(c converted) {
			x := c.tensors["token_embd.weight"]
			x.Name = "output.weight"
			c.tensors[x.Name] = x
		}, func(m *Model) bool {
			w, err := m.Tensor("lm_head.weight")
			return !m.Tied && err == nil && len(w) == 2048*128
		}},
		"linear": {func(c converted) {
			c.metadata["llama.rope.scaling.type"], c.metadata["llama.rope.scaling.factor"] = "linear", float32(2)
		}, func(m *Model) bool { return m.Ropes[0].InvFreq[0] == 0.5 }},
		"a factor alone": {func(c converted) { c.metadata["llama.rope.scaling.factor"] = float32(4) },
			func(m *Model) bool { return m.Ropes[0].InvFreq[0] == 0.25 }},
		"fields that ask for nothing": {func(c converted) {
			maps.Copy(c.metadata, map[string]any{"llama.attention.causal": true, "llama.attention.sliding_window": uint32(256),
				"llama.rope.scaling.attn_factor": float32(1), "llama.logit_scale": float32(0), "llama.expert_count": uint32(0),
				"llama.expert_used_count": uint32(0), "llama.rope.scaling.original_context_length": uint32(64),
				"llama.use_parallel_residual": false, "llama.tensor_data_layout": "Meta AI original pth", "general.type": "model"})
		}, func(m *Model) bool { return m.Ropes[0].InvFreq[0] == 1 }},
		"no scaling": {func(c converted) { c.metadata["llama.rope.scaling.type"] = "none" },
			func(m *Model) bool { return m.Ropes[0].InvFreq[0] == 1 }},
		"divisors": {func(c converted) {
			d := make([]float32, 16)
			for i := range d {
				d[i] = float32(1 + i)
			}
			c.tensors["rope_freqs.weight"] = tensorfile.Tensor{Name: "rope_freqs.weight", Shape: []int{16}, Data: d}
		}, func(m *Model) bool { return m.Ropes[0].InvFreq[0] == 1 && m.Ropes[0].InvFreq[8] == 0.01/9 }},
		"no BOS": {func(c converted) { delete(c.metadata, "tokenizer.ggml.bos_token_id") },
			func(m *Model) bool {
				return m.BOS == -1 && bytes.Contains(m.Tokenizer, []byte(`"post_processor":null`))
			}},
		"BOS unsaid": {func(c converted) { delete(c.metadata, "tokenizer.ggml.add_bos_token") },
			func(m *Model) bool { return bytes.Contains(m.Tokenizer, []byte(`"post_processor":null`)) }},
		"llama-bpe": {func(c converted) {
			delete(c.metadata, "tokenizer.ggml.add_bos_token")
			c.metadata["tokenizer.ggml.pre"] = "llama-bpe"
		}, func(m *Model) bool {
			return bytes.Contains(m.Tokenizer, []byte(`TemplateProcessing`)) && bytes.Contains(m.Tokenizer, []byte(`"ignore_merges":true`)) &&
				bytes.Contains(m.Tokenizer, []byte(`\\p{N}{1,3}`))
		}},
		"qwen2": {func(c converted) { c.metadata["tokenizer.ggml.pre"] = "qwen2" },
			func(m *Model) bool {
				return bytes.Contains(m.Tokenizer, []byte(`"normalizer":{"type":"NFC"}`)) && bytes.Contains(m.Tokenizer, []byte(`"Split"`))
			}},
		"smollm": {func(c converted) { c.metadata["tokenizer.ggml.pre"] = "smollm" },
			func(m *Model) bool { return bytes.Contains(m.Tokenizer, []byte(`"Digits","individual_digits":true`)) }},
		"unused and user tokens": {func(c converted) {
			kinds := slices.Clone(c.metadata["tokenizer.ggml.token_type"].([]int32))
			kinds[0], kinds[2047] = 5, 4
			c.metadata["tokenizer.ggml.token_type"] = kinds
		}, func(m *Model) bool {
			var tok struct {
				Added []struct {
					ID      int
					Special bool
				} `json:"added_tokens"`
				Model struct{ Vocab map[string]int }
			}
			err := json.Unmarshal(m.Tokenizer, &tok)
			return err == nil && len(tok.Model.Vocab) == 2047 && len(tok.Added) == 5 && tok.Added[4].ID == 2047 && !tok.Added[4].Special
		}},
	} {
		x := converted{metadata: maps.Clone(base.metadata), tensors: maps.Clone(base.tensors)}
		c.change(x)
		m := opened(t, x.file(t))
		if !json.Valid(m.Tokenizer) || !json.Valid(m.TokenizerConfig) {
			t.Errorf("%s: not JSON", name)
		}
		if !c.check(m) {
			t.Errorf("%s: %v", name, m.Config)
		}
	}
}

func TestCutGGUF(t *testing.T) {
	path := convert(t).file(t)
	if err := os.Truncate(path, 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := openError(t, path); !strings.Contains(err.Error(), "missing") || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func FuzzGGUFModel(f *testing.F) {
	small := []tensorfile.Field{{Key: "general.architecture", Value: "llama"}, {Key: "llama.block_count", Value: uint32(1)},
		{Key: "llama.embedding_length", Value: uint32(4)}, {Key: "llama.feed_forward_length", Value: uint32(2)},
		{Key: "llama.attention.head_count", Value: uint32(2)}, {Key: "llama.context_length", Value: uint32(9)},
		{Key: "llama.attention.layer_norm_rms_epsilon", Value: float32(1e-5)}, {Key: "tokenizer.ggml.model", Value: "gpt2"},
		{Key: "tokenizer.ggml.tokens", Value: []string{"a", "<s>"}}, {Key: "tokenizer.ggml.token_type", Value: []int32{1, 3}},
		{Key: "tokenizer.ggml.merges", Value: []string{}}, {Key: "tokenizer.ggml.bos_token_id", Value: uint32(1)},
		{Key: "tokenizer.ggml.add_bos_token", Value: true}}
	var b bytes.Buffer
	if err := tensorfile.WriteGGUF(&b, small, []tensorfile.Tensor{{Name: "token_embd.weight", Shape: []int{2, 4}, Data: make([]float32, 8)}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for _, fam := range families {
		if fam.gguf == "" {
			continue
		}
		fields := []tensorfile.Field{{Key: fam.gguf + ".attention.sliding_window", Value: uint32(2)}, {Key: fam.gguf + ".rope.scaling.type", Value: "yarn"},
			{Key: fam.gguf + ".rope.scaling.factor", Value: float32(2)}, {Key: fam.gguf + ".attention.sliding_window_pattern", Value: []bool{true}}}
		for _, x := range small {
			key := x.Key
			if rest, ok := strings.CutPrefix(key, "llama."); ok {
				key = fam.gguf + "." + rest
			} else if key == "general.architecture" {
				x.Value = fam.gguf
			}
			fields = append(fields, tensorfile.Field{Key: key, Value: x.Value})
		}
		var b bytes.Buffer
		if err := tensorfile.WriteGGUF(&b, fields, []tensorfile.Tensor{{Name: "token_embd.weight", Shape: []int{2, 4}, Data: make([]float32, 8)},
			{Name: "blk.0.attn_qkv.weight", Shape: []int{12, 4}, Data: make([]float32, 48)}}); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := tensorfile.ParseGGUF(b)
		if err != nil {
			return
		}
		m, err := fromGGUF(x)
		if err != nil {
			return
		}
		if !json.Valid(m.Tokenizer) || !json.Valid(m.TokenizerConfig) {
			t.Fatalf("%s\n%s", m.Tokenizer, m.TokenizerConfig)
		}
		if err := m.checkTensors(m.source); err != nil {
			return
		}
		for name, shape := range m.Layout() {
			var e *engine.Error
			if w, err := m.Tensor(name); err != nil && !errors.As(err, &e) || err == nil && len(w) != product(shape) {
				t.Fatal(name, len(w), err)
			}
		}
	})
}
