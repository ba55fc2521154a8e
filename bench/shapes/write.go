package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// A shape is the sizes of a model, and the types that its file has.
type shape struct {
	name                               string
	layers, width, neurons, heads, kvs int
	headDim, vocab                     int
	tied                               bool
	numbers, better                    tensorfile.DType // better is of the tensors that a mixture of types spends more on
}

// shapes are those of Llama 3.2 1B and Llama 3.1 8B (Grattafiori et al., arXiv 2407.21783, table 3, and the 3.2 release).
var shapes = []shape{
	{"1.2B, bf16", 16, 2048, 8192, 32, 8, 64, 128256, true, tensorfile.BF16, tensorfile.BF16},
	{"8B, Q4_K and Q6_K", 32, 4096, 14336, 32, 8, 128, 128256, false, tensorfile.Q4K, tensorfile.Q6K},
}

// write makes a GGUF of random weights. Tensors of the same size are the same numbers: what is measured does not depend on
// them, and no more than one of each is ever in memory.
func (s shape) write(path string) (err error) {
	r := rand.New(rand.NewPCG(1, 2))
	made := map[string][]byte{}
	matrix := func(name string, t tensorfile.DType, n, k int) tensorfile.Stored {
		key := fmt.Sprint(t, n, k)
		if made[key] == nil {
			made[key] = random(r, t, n*k)
		}
		return tensorfile.Stored{Info: tensorfile.Info{Name: name, DType: t, Shape: []int{n, k}}, Bytes: made[key]}
	}
	ones := func(name string) tensorfile.Tensor {
		x := make([]float32, s.width)
		for i := range x {
			x[i] = 1
		}
		return tensorfile.Tensor{Name: name, Shape: []int{s.width}, Data: x}
	}
	norms := []tensorfile.Tensor{ones("output_norm.weight")}
	all := []tensorfile.Stored{matrix("token_embd.weight", s.numbers, s.vocab, s.width)}
	if !s.tied {
		all = append(all, matrix("output.weight", s.better, s.vocab, s.width))
	}
	q, kv := s.heads*s.headDim, s.kvs*s.headDim
	for l := range s.layers {
		at := func(name string) string { return fmt.Sprintf("blk.%d.%s.weight", l, name) }
		some := s.numbers // half of the layers have better values and outputs, as in Q4_K_M
		if l%2 == 0 {
			some = s.better
		}
		norms = append(norms, ones(at("attn_norm")), ones(at("ffn_norm")))
		all = append(all, matrix(at("attn_q"), s.numbers, q, s.width), matrix(at("attn_k"), s.numbers, kv, s.width),
			matrix(at("attn_v"), some, kv, s.width), matrix(at("attn_output"), s.numbers, s.width, q),
			matrix(at("ffn_gate"), s.numbers, s.neurons, s.width), matrix(at("ffn_up"), s.numbers, s.neurons, s.width),
			matrix(at("ffn_down"), some, s.width, s.neurons))
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(tensorfile.WriteGGUF(w, s.metadata(), norms, all...), w.Flush(), f.Close())
}

// metadata is that of a Llama, with a vocabulary of single bytes and words that no text has.
func (s shape) metadata() []tensorfile.Field {
	tokens, kinds := make([]string, s.vocab), make([]int32, s.vocab)
	for i := range tokens {
		kinds[i] = 1
		switch {
		case i >= '!' && i <= '~' || i >= 0xa1 && i <= 0xac || i >= 0xae && i <= 0xff:
			tokens[i] = string(rune(i)) // a byte as byte-level tokenizers spell it
		case i < 256:
			tokens[i] = string(rune(256 + spelled(i)))
		default:
			tokens[i] = fmt.Sprintf("word%d", i)
		}
	}
	return []tensorfile.Field{
		{Key: "general.architecture", Value: "llama"}, {Key: "llama.block_count", Value: uint32(s.layers)},
		{Key: "llama.embedding_length", Value: uint32(s.width)}, {Key: "llama.feed_forward_length", Value: uint32(s.neurons)},
		{Key: "llama.attention.head_count", Value: uint32(s.heads)}, {Key: "llama.attention.head_count_kv", Value: uint32(s.kvs)},
		{Key: "llama.attention.key_length", Value: uint32(s.headDim)}, {Key: "llama.attention.value_length", Value: uint32(s.headDim)},
		{Key: "llama.attention.layer_norm_rms_epsilon", Value: float32(1e-5)}, {Key: "llama.rope.freq_base", Value: float32(500000)},
		{Key: "llama.rope.dimension_count", Value: uint32(s.headDim)}, {Key: "llama.context_length", Value: uint32(8192)},
		{Key: "llama.vocab_size", Value: uint32(s.vocab)}, {Key: "tokenizer.ggml.model", Value: "gpt2"}, {Key: "tokenizer.ggml.pre", Value: "llama-bpe"},
		{Key: "tokenizer.ggml.tokens", Value: tokens}, {Key: "tokenizer.ggml.token_type", Value: kinds},
		{Key: "tokenizer.ggml.merges", Value: []string{}}, {Key: "tokenizer.ggml.add_bos_token", Value: false},
		{Key: "tokenizer.ggml.eos_token_id", Value: uint32(s.vocab - 1)},
	}
}

// spelled is how many bytes before this one have no character of their own in byte-level tokenizers.
func spelled(b int) (n int) {
	for i := range b {
		if !(i >= '!' && i <= '~' || i >= 0xa1 && i <= 0xac || i >= 0xae && i <= 0xff) {
			n++
		}
	}
	return n
}

// random returns n numbers of a type, of the size that weights have.
func random(r *rand.Rand, t tensorfile.DType, n int) []byte {
	words := func(b []byte) {
		for len(b) >= 8 {
			binary.LittleEndian.PutUint64(b, r.Uint64())
			b = b[8:]
		}
	}
	half := binary.LittleEndian.PutUint16
	switch t {
	case tensorfile.BF16: // ±(1 … 2)/64
		b := make([]byte, 2*n)
		words(b)
		for i := range n {
			half(b[2*i:], binary.LittleEndian.Uint16(b[2*i:])&0x807f|121<<7)
		}
		return b
	case tensorfile.Q4K: // d·sc·q − dmin·m, d and dmin halves
		const block = 144
		b := make([]byte, n/256*block)
		words(b)
		for i := 0; i < len(b); i += block {
			half(b[i:], 0x0400)   // 2⁻¹⁴
			half(b[i+2:], 0x1000) // 2⁻¹¹
		}
		return b
	case tensorfile.Q6K: // d·sc·(q − 32)
		const block = 210
		b := make([]byte, n/256*block)
		words(b)
		for i := 0; i < len(b); i += block {
			half(b[i+208:], 0x0100) // 2⁻¹⁶
		}
		return b
	}
	panic("no random numbers of type " + string(t)) // a shape of this file names another
}
