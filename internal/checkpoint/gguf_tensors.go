package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// ggufParts maps llama.cpp's names of a layer's tensors to Hugging Face's.
var ggufParts = map[string]string{
	"attn_norm":   "input_layernorm",
	"attn_q":      "self_attn.q_proj",
	"attn_k":      "self_attn.k_proj",
	"attn_v":      "self_attn.v_proj",
	"attn_output": "self_attn.o_proj",
	"ffn_norm":    "post_attention_layernorm",
	"ffn_gate":    "mlp.gate_proj",
	"ffn_up":      "mlp.up_proj",
	"ffn_down":    "mlp.down_proj",
}

// ggufNames maps those outside the layers.
var ggufNames = map[string]string{
	"token_embd":  "model.embed_tokens",
	"output_norm": "model.norm",
	"output":      "lm_head",
}

// huggingFace translates a name, e.g. blk.3.ffn_down.weight to model.layers.3.mlp.down_proj.weight. A name that is in
// neither table stays as it is.
func huggingFace(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return name
	}
	stem, kind := name[:dot], name[dot:]
	if to, ok := ggufNames[stem]; ok {
		return to + kind
	}
	if layer, ok := strings.CutPrefix(stem, "blk."); ok {
		if n, part, ok := strings.Cut(layer, "."); ok && ggufParts[part] != "" {
			return "model.layers." + n + "." + ggufParts[part] + kind
		}
	}
	return name
}

// A gguf is the source of a GGUF, in one file or several.
type gguf struct {
	at      map[string]place // by Hugging Face name
	headDim int
}

// A place is where a tensor is: the file and its name there.
type place struct {
	file *tensorfile.GGUF
	name string
}

func (s *gguf) names() []string { return slices.Sorted(maps.Keys(s.at)) }

func (s *gguf) info(name string) (tensorfile.Info, bool) {
	p, ok := s.at[name]
	if !ok {
		return tensorfile.Info{}, false
	}
	return p.file.Info(p.name)
}

func (s *gguf) tensor(name string) ([]float32, error) {
	p, ok := s.at[name]
	if !ok {
		return nil, fmt.Errorf("no tensor %q", name)
	}
	w, err := p.file.Float32(p.name)
	if err != nil {
		return nil, err
	}
	if s.pairsAreNeighbors(name) {
		info, _ := s.info(name)
		w = unpermute(w, s.headDim, len(w)/info.Shape[0])
	}
	return w, nil
}

// raw moves whole rows of bytes where tensor moves rows of numbers: the blocks of the quantized types run along a row.
func (s *gguf) raw(name string) (format tensorfile.DType, shape []int, stored []byte, err error) {
	p, ok := s.at[name]
	if !ok {
		return "", nil, nil, fmt.Errorf("no tensor %q", name)
	}
	if format, shape, stored, err = p.file.Raw(p.name); err != nil {
		return "", nil, nil, err
	}
	if s.pairsAreNeighbors(name) {
		stored = unpermute(stored, s.headDim, len(stored)/shape[0])
	}
	return format, shape, stored, nil
}

// pairsAreNeighbors says whether the rows of a matrix are in llama.cpp's order of rotary pairs.
func (s *gguf) pairsAreNeighbors(name string) bool {
	return strings.HasSuffix(name, ".q_proj.weight") || strings.HasSuffix(name, ".k_proj.weight")
}

func (s *gguf) closed() bool { return true }

func (s *gguf) close() error {
	var err error
	for _, p := range s.at {
		err = errors.Join(err, p.file.Close())
	}
	return err
}

// unpermute puts the rows of a q or k matrix, w [heads·headDim, width], into Hugging Face's order. Both rotate pairs of
// a head's rows; llama.cpp's are (2i, 2i+1), Hugging Face's (i, i+headDim/2).
func unpermute[T any](w []T, headDim, width int) []T {
	out := make([]T, len(w))
	for r := range len(w) / width {
		head, d := r/headDim*headDim, r%headDim // row r of the result is row d of its head
		from := head + 2*d
		if d >= headDim/2 {
			from = head + 2*(d-headDim/2) + 1
		}
		copy(out[r*width:(r+1)*width], w[from*width:(from+1)*width])
	}
	return out
}
