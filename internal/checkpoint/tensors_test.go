package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// One error names every tensor that does not fit, in order, with what is there and what should be.
func TestTensorsThatDoNotFit(t *testing.T) {
	dir, tensors := editable(t)
	delete(tensors, "model.norm.weight")
	delete(tensors, "model.layers.2.mlp.up_proj.weight")
	delete(tensors, "lm_head.weight")
	q := tensors["model.layers.0.self_attn.q_proj.weight"]
	tensors[q.Name] = tensorfile.Tensor{Name: q.Name, Shape: []int{16, 64}, Data: q.Data}
	tensors["b"] = tensorfile.Tensor{Name: "model.layers.0.self_attn.q_proj.bias", Shape: []int{1}, Data: []float32{0}}
	var all []tensorfile.Tensor
	for _, x := range tensors {
		all = append(all, x)
	}
	writeWeights(t, filepath.Join(dir, "model.safetensors"), all)
	err := openError(t, dir)
	want := "5 tensors do not fit the config: lm_head.weight is missing, want [512 32]; " +
		"model.layers.0.self_attn.q_proj.bias is there, but the config has no bias for it; " +
		"model.layers.0.self_attn.q_proj.weight is [16 64], want [32 32]; " +
		"model.layers.2.mlp.up_proj.weight is missing, want [64 32]; model.norm.weight is missing, want [32]"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// The weights of a folder that are not Llama's, not counted by the config or not of numbers that are read.
func TestTensorsOfAnotherModel(t *testing.T) {
	ones := func(shape ...int) tensorfile.Tensor {
		data := make([]float32, product(shape))
		for i := range data {
			data[i] = 1
		}
		return tensorfile.Tensor{Shape: shape, Data: data}
	}
	for name, c := range map[string]struct {
		config  string // a member to add
		tensors map[string]tensorfile.Tensor
		want    string // "" for a model that opens
	}{
		"frequencies":         {"", map[string]tensorfile.Tensor{"model.layers.0.self_attn.rotary_emb.inv_freq": ones(4)}, ""},
		"a head of values":    {"", map[string]tensorfile.Tensor{"v_head.summary.weight": ones(1, 32)}, ""},
		"norms of q and k":    {"", map[string]tensorfile.Tensor{"model.layers.1.self_attn.q_norm.weight": ones(8)}, "model.layers.1.self_attn.q_norm.weight [8] is there, which is no part of a LlamaForCausalLM"},
		"experts":             {"", map[string]tensorfile.Tensor{"model.layers.0.block_sparse_moe.gate.weight": ones(4, 32)}, "block_sparse_moe"},
		"a norm of its own":   {"", map[string]tensorfile.Tensor{"model.embed_norm.weight": ones(32)}, "model.embed_norm.weight"},
		"fewer layers":        {`"num_hidden_layers":2`, nil, "the weights have 3 layers, the config says 2"},
		"more layers":         {`"num_hidden_layers":4`, nil, "9 tensors do not fit the config: model.layers.3."},
		"many missing layers": {`"num_hidden_layers":40`, nil, "and 323 more"},
		"tied, another head":  {`"tie_word_embeddings":true`, nil, "tie_word_embeddings is true, but there is a lm_head.weight that differs"},
	} {
		dir, tensors := editable(t)
		var all []tensorfile.Tensor
		for _, x := range tensors {
			all = append(all, x)
		}
		for n, x := range c.tensors {
			x.Name = n
			all = append(all, x)
		}
		writeWeights(t, filepath.Join(dir, "model.safetensors"), all)
		changeConfig(t, dir, c.config)
		if c.want == "" {
			opened(t, dir)
		} else if err := openError(t, dir); !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1500 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// Tied, and the head is there as a copy.
	dir, tensors := editable(t)
	var all []tensorfile.Tensor
	for _, x := range tensors {
		if x.Name == headName {
			x.Data = tensors[embedName].Data
		}
		all = append(all, x)
	}
	writeWeights(t, filepath.Join(dir, "model.safetensors"), all)
	changeConfig(t, dir, `"tie_word_embeddings":true`)
	if m := opened(t, dir); !m.Tied {
		t.Error("not tied")
	}
}

// changeConfig replaces a member of a folder's config.json.
func changeConfig(t *testing.T, dir, member string) {
	t.Helper()
	if member == "" {
		return
	}
	path := filepath.Join(dir, "config.json")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var m, change map[string]any
	if err := errors.Join(json.Unmarshal(b, &m), json.Unmarshal([]byte("{"+member+"}"), &change)); err != nil {
		t.Fatal(err)
	}
	maps.Copy(m, change)
	if b, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, b)
}

// Numbers of a type that is not read are an error of Open, which names the type.
func TestUnreadTypes(t *testing.T) {
	dir, tensors := editable(t)
	name := "model.layers.0.mlp.down_proj.weight"
	var all []tensorfile.Tensor
	for _, x := range tensors {
		all = append(all, x)
	}
	path := filepath.Join(dir, "model.safetensors")
	writeWeights(t, path, all)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte(`"`+name+`":{"dtype":"F32"`))
	if at < 0 {
		t.Fatal("the header is spelled otherwise")
	}
	copy(b[at:], strings.Replace(`"`+name+`":{"dtype":"F32"`, "F32", "U32", 1))
	writeFile(t, path, b)
	if err := openError(t, dir); !strings.Contains(err.Error(), "1 of type U32: numbers of such tensors are not read") {
		t.Errorf("%v", err)
	}
}
