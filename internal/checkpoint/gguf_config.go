package checkpoint

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// ggufConfig reads the config of a GGUF of the architecture "llama" from its metadata and tensors.
func ggufConfig(f *tensorfile.GGUF, s *gguf) (Config, error) {
	if a, _ := f.String("general.architecture"); a != "llama" {
		return Config{}, fmt.Errorf("architecture %q is not supported; llama is", a)
	}
	if err := ggufFields(f); err != nil {
		return Config{}, err
	}
	k := &ggufKeys{f: f}
	c := Config{
		Architecture: Llama,
		Layers:       k.size("llama.block_count"),
		Width:        k.size("llama.embedding_length"),
		Neurons:      k.size("llama.feed_forward_length"),
		Heads:        k.size("llama.attention.head_count"),
		Positions:    k.size("llama.context_length"),
		Eps:          k.number("llama.attention.layer_norm_rms_epsilon"),
		BOS:          -1,
	}
	c.KVHeads = k.sizeOr("llama.attention.head_count_kv", c.Heads)
	if err := k.missing(); err != nil {
		return Config{}, err
	}
	if info, ok := s.info(embedName); ok && len(info.Shape) == 2 {
		c.Vocab = info.Shape[0]
	}
	_, output := s.at[headName]
	c.Tied = !output // llama.cpp leaves out a matrix that is the embedding's
	if c.Heads > 0 {
		c.HeadDim = c.Width / c.Heads
	}
	if f.Has("llama.attention.key_length") {
		c.HeadDim = k.size("llama.attention.key_length")
	} else if c.Heads > 0 && c.Width%c.Heads != 0 {
		return Config{}, fmt.Errorf("llama.embedding_length %d is no multiple of llama.attention.head_count %d, and there is no llama.attention.key_length", c.Width, c.Heads)
	}
	if err := errors.Join(k.missing(), c.check()); err != nil {
		return Config{}, err
	}
	if v := k.sizeOr("llama.attention.value_length", c.HeadDim); v != c.HeadDim {
		return Config{}, fmt.Errorf("keys of width %d and values of width %d are not supported; they must be equal", c.HeadDim, v)
	}
	if d := k.sizeOr("llama.rope.dimension_count", c.HeadDim); d != c.HeadDim {
		return Config{}, fmt.Errorf("rotary positions on %d of %d dimensions are not supported; all must turn", d, c.HeadDim)
	}
	if v := k.sizeOr("llama.vocab_size", c.Vocab); v != c.Vocab {
		return Config{}, fmt.Errorf("llama.vocab_size is %d, the embedding matrix has %d rows; they contradict each other", v, c.Vocab)
	}
	c.BOS = k.token("tokenizer.ggml.bos_token_id")
	c.Ends = k.ends()
	if err := k.missing(); err != nil {
		return Config{}, err
	}
	if err := c.check(); err != nil {
		return Config{}, err
	}
	var err error
	if c.InvFreq, err = ggufFrequencies(s, k, c); err != nil {
		return Config{}, err
	}
	c.llamaParts()
	if err := c.check(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// ggufFrequencies returns the rotary frequencies. llama.cpp keeps linear stretching as a factor and every other kind as
// a tensor of divisors, rope_freqs.weight [HeadDim/2].
func ggufFrequencies(s *gguf, k *ggufKeys, c Config) ([]float64, error) {
	r := rope{theta: 10000, kind: "default"}
	if k.f.Has("llama.rope.freq_base") {
		r.theta = k.number("llama.rope.freq_base")
	}
	if err := k.scaling(&r); err != nil {
		return nil, err
	}
	if err := k.missing(); err != nil {
		return nil, err
	}
	if r.kind == "llama3" {
		return nil, fmt.Errorf("rotary scaling \"llama3\" in a GGUF must be the tensor rope_freqs.weight; convert the model again")
	}
	freq, err := r.frequencies(c.HeadDim)
	if err != nil {
		return nil, err
	}
	info, ok := s.info(ropeFreqs)
	if !ok {
		return freq, nil
	}
	if !slices.Equal(info.Shape, []int{len(freq)}) {
		return nil, fmt.Errorf("rope_freqs.weight is %v, want [%d]", info.Shape, len(freq))
	}
	divisors, err := s.tensor(ropeFreqs)
	if err != nil {
		return nil, err
	}
	for i, d := range divisors {
		freq[i] /= float64(d)
	}
	return freq, nil
}

// ropeFreqs is the tensor of divisors.
const ropeFreqs = "rope_freqs.weight"

// scaling reads how positions are stretched. Where no kind is said, a factor is one of linear stretching, as in llama.cpp.
func (k *ggufKeys) scaling(r *rope) error {
	const kindKey, factorKey, oldKey = "llama.rope.scaling.type", "llama.rope.scaling.factor", "llama.rope.scale_linear"
	kind, said := k.f.String(kindKey)
	if !said && k.f.Has(kindKey) {
		k.bad = append(k.bad, kindKey+" (a word)")
	}
	factor, from := 1.0, ""
	for _, key := range []string{factorKey, oldKey} {
		if !k.f.Has(key) {
			continue
		}
		v := k.number(key)
		if v == 0 { // which llama.cpp takes for none
			v = 1
		}
		if from != "" && v != factor {
			return fmt.Errorf("%s is %g, %s is %g; they contradict each other", from, factor, key, v)
		}
		factor, from = v, key
	}
	switch {
	case kind == "none" && factor != 1:
		return fmt.Errorf("%s is \"none\", %s is %g; they contradict each other", kindKey, from, factor)
	case kind == "none":
	case said:
		if from == "" {
			k.bad = append(k.bad, factorKey+" (a number)")
		}
		r.kind, r.factor = kind, factor
	case factor != 1:
		r.kind, r.factor = "linear", factor
	}
	return nil
}

// ggufKeys reads metadata and collects what is not there.
type ggufKeys struct {
	f   *tensorfile.GGUF
	bad []string
}

func (k *ggufKeys) size(key string) int {
	n, ok := k.f.Uint(key)
	if !ok || n > math.MaxInt {
		k.bad = append(k.bad, key+" (a whole number)")
	}
	return int(n & math.MaxInt)
}

func (k *ggufKeys) sizeOr(key string, otherwise int) int {
	if !k.f.Has(key) {
		return otherwise
	}
	return k.size(key)
}

// number returns a float32 as the decimal number that its writer meant: 1e-05, not 9.99999974737875e-06.
func (k *ggufKeys) number(key string) float64 {
	v, ok := k.f.Float(key)
	if !ok {
		k.bad = append(k.bad, key+" (a number)")
		return 0
	}
	if f := float32(v); float64(f) == v {
		if d, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64); err == nil {
			return d
		}
	}
	return v
}

// token returns a token id, −1 where there is none.
func (k *ggufKeys) token(key string) int32 {
	if !k.f.Has(key) {
		return -1
	}
	id, ok := k.f.Uint(key)
	if !ok || id > math.MaxInt32 {
		k.bad = append(k.bad, key+" (a token id)")
		return -1
	}
	return int32(id)
}

func (k *ggufKeys) missing() error {
	if len(k.bad) == 0 {
		return nil
	}
	slices.Sort(k.bad)
	return fmt.Errorf("its metadata lack or garble %s", strings.Join(k.bad, ", "))
}
