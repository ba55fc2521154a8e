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

// ggufConfig reads the config of a GGUF from its metadata and tensors. Which keys there are is llama.cpp's
// (gguf-py/gguf/constants.py), and what holds without them (src/llama-model.cpp, src/models/*.cpp).
func ggufConfig(f *tensorfile.GGUF, fam family, w *weights) (Config, error) {
	if err := ggufFields(f, fam); err != nil {
		return Config{}, err
	}
	k := &ggufKeys{f: f, arch: fam.gguf + "."}
	c := Config{
		Layers:    k.size("block_count"),
		Width:     k.size("embedding_length"),
		Neurons:   k.size("feed_forward_length"),
		Heads:     k.size("attention.head_count"),
		Positions: k.size("context_length"),
		Eps:       k.number("attention.layer_norm_rms_epsilon"),
		BOS:       -1,
	}
	c.KVHeads = k.sizeOr("attention.head_count_kv", c.Heads)
	if err := k.missing(); err != nil {
		return Config{}, err
	}
	if info, ok := w.stored(embedName); ok && len(info.Shape) == 2 {
		c.Vocab = info.Shape[0]
	}
	_, output := w.at[headName]
	c.Tied = !output // llama.cpp leaves out a matrix that is the embedding's
	if c.Heads > 0 {
		c.HeadDim = c.Width / c.Heads
	}
	if k.has("attention.key_length") {
		c.HeadDim = k.size("attention.key_length")
	} else if c.Heads > 0 && c.Width%c.Heads != 0 {
		return Config{}, fmt.Errorf("%[1]sembedding_length %[2]d is no multiple of %[1]sattention.head_count %[3]d, and there is no %[1]sattention.key_length", k.arch, c.Width, c.Heads)
	}
	if err := errors.Join(k.missing(), c.checkSizes()); err != nil {
		return Config{}, err
	}
	if v := k.sizeOr("attention.value_length", c.HeadDim); v != c.HeadDim {
		return Config{}, fmt.Errorf("keys of width %d and values of width %d are not supported; they must be equal", c.HeadDim, v)
	}
	if d := k.sizeOr("rope.dimension_count", c.HeadDim); d != c.HeadDim {
		return Config{}, fmt.Errorf("rotary positions on %d of %d dimensions are not supported; all must turn", d, c.HeadDim)
	}
	if v := k.sizeOr("vocab_size", c.Vocab); v != c.Vocab {
		return Config{}, fmt.Errorf("%svocab_size is %d, the embedding matrix has %d rows; they contradict each other", k.arch, v, c.Vocab)
	}
	c.BOS = k.token("tokenizer.ggml.bos_token_id")
	c.Ends = k.ends()
	if err := errors.Join(k.missing(), c.checkSizes()); err != nil {
		return Config{}, err
	}
	fam.parts(&c)
	if err := errors.Join(k.parts(fam, w, &c), k.ropes(fam, w, &c)); err != nil {
		return Config{}, oneLine(err)
	}
	return c, c.check()
}

// ggufKeys reads metadata and collects what is not there. Keys of the architecture's namespace are without its name.
type ggufKeys struct {
	f    *tensorfile.GGUF
	arch string // with a dot behind it
	bad  []string
}

func (k *ggufKeys) has(key string) bool { return k.f.Has(k.arch + key) }

func (k *ggufKeys) size(key string) int {
	n, ok := k.f.Uint(k.arch + key)
	if !ok || n > math.MaxInt {
		k.bad = append(k.bad, k.arch+key+" (a whole number)")
	}
	return int(n & math.MaxInt)
}

func (k *ggufKeys) sizeOr(key string, otherwise int) int {
	if !k.has(key) {
		return otherwise
	}
	return k.size(key)
}

// number returns a float32 as the decimal number that its writer meant: 1e-05, not 9.99999974737875e-06.
func (k *ggufKeys) number(key string) float64 {
	v, ok := k.f.Float(k.arch + key)
	if !ok {
		k.bad = append(k.bad, k.arch+key+" (a number)")
		return 0
	}
	if f := float32(v); float64(f) == v {
		if d, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64); err == nil {
			return d
		}
	}
	return v
}

func (k *ggufKeys) numberOr(key string, otherwise float64) float64 {
	if !k.has(key) {
		return otherwise
	}
	return k.number(key)
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
