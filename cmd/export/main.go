// Command export writes a Llama checkpoint that this project can read (a GGUF, say) as a float32 Hugging Face folder, so
// that a program of another kind, PyTorch in bench/peer, say, loads the very same numbers.
//
//	go run ./cmd/export smollm2-135m-instruct DIR
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: export MODEL DIR")
		os.Exit(2)
	}
	if err := export(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "export:", err)
		os.Exit(1)
	}
}

func export(ctx context.Context, ref, dir string) (err error) {
	at, err := modelref.Resolve(ref)
	if err != nil {
		return err
	}
	m, err := checkpoint.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	if c := m.Config; c.Architecture != checkpoint.Llama || c.QKVBias || c.OutBias || c.MLPBias {
		return fmt.Errorf("%s is %s, biases in attention: %t, in the MLP: %t; this program writes a LlamaForCausalLM without biases",
			ref, c.Architecture, c.QKVBias || c.OutBias, c.MLPBias)
	}
	theta, err := base(m.Config)
	if err != nil {
		return fmt.Errorf("%s: %w", ref, err)
	}
	tensors, err := read(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "model.safetensors"))
	if err != nil {
		return err
	}
	err = tensorfile.WriteSafetensors(f, map[string]string{"format": "pt"}, tensors)
	config, jerr := json.MarshalIndent(config(m.Config, theta), "", " ")
	return errors.Join(err, f.Close(), jerr,
		os.WriteFile(filepath.Join(dir, "config.json"), config, 0o644),
		os.WriteFile(filepath.Join(dir, "tokenizer.json"), m.Tokenizer, 0o644),
		os.WriteFile(filepath.Join(dir, "tokenizer_config.json"), []byte(`{"tokenizer_class": "PreTrainedTokenizerFast"}`), 0o644))
}

// read returns every tensor of the architecture.
func read(m *checkpoint.Model) ([]tensorfile.Tensor, error) {
	var out []tensorfile.Tensor
	for name, shape := range m.Layout() {
		data, err := m.Tensor(name)
		if err != nil {
			return nil, err
		}
		out = append(out, tensorfile.Tensor{Name: name, Shape: shape, Data: data})
	}
	return out, nil
}

// base returns the rotary base θ, read back from the second frequency: f_i = θ^(−2i/width). Frequencies that are scaled
// are not powers of one base, and config could not say them.
func base(c checkpoint.Config) (float64, error) {
	if c.Architecture != checkpoint.Llama || c.QKVBias || c.OutBias || c.MLPBias || c.Activation != checkpoint.SiLU {
		return 0, fmt.Errorf("it is a %s, or has biases or another activation; this program writes a plain Llama", c.Architecture)
	}
	freq := c.Ropes[0].InvFreq
	if len(freq) < 2 || c.Ropes[0].Scale != 1 {
		return 0, errors.New("its heads are too narrow to tell the rotary base, or their rotation is scaled")
	}
	theta := math.Pow(freq[1], -float64(c.HeadDim)/2)
	for i, f := range freq {
		if want := math.Pow(theta, -2*float64(i)/float64(c.HeadDim)); math.Abs(f-want) > 1e-6*want {
			return 0, fmt.Errorf("its rotary frequencies are scaled (number %d is %g, not %g), which this program cannot write", i, f, want)
		}
	}
	return theta, nil
}

// config is what transformers wants to know.
func config(c checkpoint.Config, theta float64) map[string]any {
	return map[string]any{
		"architectures": []string{c.Architecture}, "model_type": "llama", "torch_dtype": "float32", "hidden_act": "silu",
		"num_hidden_layers": c.Layers, "hidden_size": c.Width, "intermediate_size": c.Neurons, "vocab_size": c.Vocab,
		"num_attention_heads": c.Heads, "num_key_value_heads": c.KVHeads, "head_dim": c.HeadDim,
		"max_position_embeddings": c.Positions, "rms_norm_eps": c.Eps, "tie_word_embeddings": c.Tied,
		"rope_theta": theta, "attention_bias": false, "mlp_bias": false, "eos_token_id": c.Ends, "bos_token_id": nil,
	}
}
