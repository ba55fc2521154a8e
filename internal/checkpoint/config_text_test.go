package checkpoint

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// The text model of one that sees is read, under either of the names that its tensors have.
func TestTextConfig(t *testing.T) {
	text := fields{"model_type": "gemma3_text", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
		"num_key_value_heads": 2, "head_dim": 16, "vocab_size": 512, "sliding_window": 8, "query_pre_attn_scalar": 16, "bos_token_id": 3}
	whole := func(text, more fields) fields {
		m := fields{"architectures": []string{"Gemma3ForConditionalGeneration"}, "model_type": "gemma3", "text_config": text,
			"vision_config": fields{"hidden_size": 1152, "rope_theta": 5}, "mm_tokens_per_image": 256, "image_token_index": 262144, "eos_token_id": []int{1, 106},
			"torch_dtype": "bfloat16", "initializer_range": 0.02}
		maps.Copy(m, more)
		for _, name := range []string{"hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size",
			"max_position_embeddings", "rms_norm_eps", "rope_theta", "hidden_act", "bos_token_id"} {
			if _, ok := m[name]; !ok {
				m[name] = nil
			}
		}
		return m
	}
	with := func(more fields) fields { m := maps.Clone(text); maps.Copy(m, more); return m }
	c, err := parseConfig(config(whole(text, nil)), []byte(`{"bos_token_id": 2, "eos_token_id": [1, 106]}`))
	if err != nil || c.Architecture != "Gemma3ForConditionalGeneration" || c.BOS != 3 || !slices.Equal(c.Ends, []int32{1, 106}) || !c.Tied || c.Width != 64 ||
		c.Attentions[0] != (Attention{8, 1}) {
		t.Fatalf("%+v, %v", c, err)
	}
	// What google/gemma-3-4b-it says: its sizes are those of the class.
	c, err = parseConfig(config(whole(fields{"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34,
		"rope_scaling": fields{"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024}, nil)), []byte(`{"bos_token_id": 2}`))
	if err != nil || c.Heads != 8 || c.KVHeads != 4 || c.HeadDim != 256 || c.Vocab != 262208 || c.Positions != 131072 || c.BOS != 2 ||
		c.Ropes[0].InvFreq[0] != 0.125 || c.Ropes[1].InvFreq[0] != 1 || c.Attentions[4].Window != 1024 || c.Attentions[5].Window != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	for want, change := range map[string]fields{
		"text_config is that of a \"llama\", but gemma3_text":                      whole(with(fields{"model_type": "llama"}), nil),
		"text_config: it is not a JSON object":                                     whole(nil, fields{"text_config": []int{1}}),
		"quantization_config":                                                      whole(text, fields{"quantization_config": fields{"bits": 4}}),
		"tie_word_embeddings is true, in text_config it is false; they contradict": whole(with(fields{"tie_word_embeddings": false}), fields{"tie_word_embeddings": true}),
		"final_logit_softcapping is 5, in text_config it is 30":                    whole(with(fields{"final_logit_softcapping": 30}), fields{"final_logit_softcapping": 5}),
		"audio_config": whole(text, fields{"audio_config": fields{"x": 1}}),
		"model_type":   whole(text, fields{"architectures": []string{Llama}}),
	} {
		if _, err := parseConfig(config(change), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}

	older, dir := randomFolder(t, 5, whole(text, nil)), t.TempDir()
	m := opened(t, older)
	f, err := tensorfile.Open(filepath.Join(older, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var newer []tensorfile.Tensor
	for _, name := range f.Names() {
		x, err := f.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		info, _ := f.Info(name)
		newer = append(newer, tensorfile.Tensor{Name: "model.language_model." + strings.TrimPrefix(name, "language_model.model."), Shape: info.Shape, Data: x})
	}
	if err := os.CopyFS(dir, os.DirFS(older)); err != nil {
		t.Fatal(err)
	}
	newer = append(newer, tensorfile.Tensor{Name: "model.vision_tower.x.weight", Shape: []int{1}, Data: []float32{1}},
		tensorfile.Tensor{Name: "multi_modal_projector.y.weight", Shape: []int{1}, Data: []float32{1}})
	writeWeights(t, filepath.Join(dir, "model.safetensors"), newer)
	sameTensors(t, m, opened(t, dir))
	// The same tensor under both names, and one that is of no part.
	writeWeights(t, filepath.Join(dir, "model.safetensors"), append(newer, tensorfile.Tensor{Name: "language_model.model.norm.weight", Shape: []int{64}, Data: make([]float32, 64)}))
	if err := openError(t, dir); !strings.Contains(err.Error(), "are the same tensor of the text model") {
		t.Error(err)
	}
	writeWeights(t, filepath.Join(dir, "model.safetensors"), append(newer, tensorfile.Tensor{Name: "model.other.weight", Shape: []int{1}, Data: []float32{1}}))
	if err := openError(t, dir); !strings.Contains(err.Error(), "model.other.weight [1] is there") {
		t.Error(err)
	}
}
