package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// layerOf finds the number of a tensor's layer.
var layerOf = regexp.MustCompile(`^(?:model\.layers|blk)\.(\d+)\.`)

// idle says whether a checkpoint may carry a tensor along: one that is computed from the config here, or read with it, or
// that Open has compared.
func (c Config) idle(name string) bool {
	return strings.HasSuffix(name, ".rotary_emb.inv_freq") || strings.HasSuffix(name, ".attn_rot_embd.weight") || c.Tied && name == headName
}

// checkTensors names what does not fit the config: tensors that are missing, misshapen or of a type that is not read, and
// those that belong to another computation, be it biases or layers that the config does not count. It finds fused tensors
// first.
func (c Config) checkTensors(w *weights) error {
	f, _ := c.family()
	want := c.fuse(w, f.fused)
	var bad []string
	unread := map[tensorfile.DType]int{}
	for name, shape := range want {
		got, ok := w.stored(name)
		switch {
		case !ok:
			bad = append(bad, fmt.Sprintf("%s is missing, want %v", name, shape))
		case !slices.Equal(got.Shape, shape):
			bad = append(bad, fmt.Sprintf("%s is %v, want %v", name, got.Shape, shape))
		case !tensorfile.Reads(got.DType):
			unread[got.DType]++
		}
	}
	layers := 0
	for _, name := range w.names() {
		if _, ok := want[name]; ok || c.idle(name) || w.closed && f.beside[name] {
			continue
		}
		layer := layerOf.FindStringSubmatch(name)
		if layer != nil {
			if n, err := strconv.Atoi(layer[1]); err == nil && n >= c.Layers {
				layers = max(layers, n+1)
				continue
			}
		}
		switch info, _ := w.stored(name); {
		case strings.HasSuffix(name, ".bias"):
			bad = append(bad, name+" is there, but the config has no bias for it")
		case layer != nil, strings.HasPrefix(name, "model."), strings.HasPrefix(name, "lm_head."), w.closed:
			bad = append(bad, fmt.Sprintf("%s %v is there, which is no part of a %s", name, info.Shape, c.Architecture))
		}
	}
	var errs []error
	if len(bad) > 0 {
		slices.Sort(bad)
		errs = append(errs, fmt.Errorf("%d tensors do not fit the config: %s", len(bad), modelref.FirstTen(bad, "; ")))
	}
	if layers > 0 {
		errs = append(errs, fmt.Errorf("the weights have %d layers, the config says %d", layers, c.Layers))
	}
	if len(unread) > 0 {
		errs = append(errs, notRead(unread))
	}
	return oneLine(errors.Join(errs...))
}

// notRead says which types of numbers have no reader, and in how many tensors they are.
func notRead(types map[tensorfile.DType]int) error {
	var list []string
	for t, n := range types {
		list = append(list, fmt.Sprintf("%d of type %s", n, t))
	}
	slices.Sort(list)
	return fmt.Errorf("%s: numbers of such tensors are not read; convert the model to %s", modelref.FirstTen(list, ", "), tensorfile.ReadableTypes)
}

// checkHead refuses an output matrix of its own in a model whose config says that it is the embedding's. Libraries
// disagree about which of the two counts.
func (c Config) checkHead(w *weights) error {
	head, ok := w.stored(headName)
	if !c.Tied || !ok {
		return nil
	}
	same := slices.Equal(head.Shape, []int{c.Vocab, c.Width})
	for lo := 0; same && lo < c.Vocab; lo += headRows {
		var rows [2][]float32
		for i, name := range []string{headName, embedName} {
			p := w.at[name]
			var err error
			if rows[i], err = p.file.Float32Rows(p.name, lo, min(lo+headRows, c.Vocab)); err != nil {
				return err
			}
		}
		same = bytes.Equal(tensorfile.Bytes(rows[0]), tensorfile.Bytes(rows[1]))
	}
	if !same {
		return fmt.Errorf("tie_word_embeddings is true, but there is a %s that differs from %s; they contradict each other", headName, embedName)
	}
	return nil
}

// headRows is how many rows of two matrices are compared at a time.
const headRows = 1 << 10
