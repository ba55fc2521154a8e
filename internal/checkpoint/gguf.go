package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// openGGUF opens a file of llama.cpp, or all parts of one that is split.
func openGGUF(ctx context.Context, files *modelref.Files, parts []string) (*Model, error) {
	var open []*tensorfile.GGUF
	for i, path := range parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file, size, err := files.Weights(filepath.Base(path))
		if err != nil {
			return nil, err
		}
		f, err := tensorfile.ReadGGUF(path, file, size)
		if err != nil {
			return nil, err
		}
		if err := checkPart(f, i, len(parts)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		open = append(open, f)
	}
	m, err := fromGGUF(open...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", parts[0], err)
	}
	return m, nil
}

// The metadata of a part of a split model.
const (
	splitNo      = "split.no" // from 0
	splitCount   = "split.count"
	splitTensors = "split.tensors.count" // of all parts
)

// checkPart checks that a file is part number i of n, from 0, as its name says; a file that is not split is part 0 of 1.
func checkPart(f *tensorfile.GGUF, i, n int) error {
	count := uint64(1)
	if f.Has(splitCount) {
		var ok bool
		if count, ok = f.Uint(splitCount); !ok {
			return fmt.Errorf("%s is not a whole number", splitCount)
		}
		count = max(count, 1) // 0 is how llama.cpp marks a model that it has merged
	}
	no, _ := f.Uint(splitNo)
	switch {
	case n == 1 && count > 1:
		return fmt.Errorf("it is part %d of a model that is split into %d files (%s); the files must keep the names that they were made with, NAME-00001-of-%05d.gguf and so on, in one folder", no+1, count, splitCount, count)
	case count != uint64(n):
		return fmt.Errorf("its name says that it is one of %d parts, %s is %d; they contradict each other", n, splitCount, count)
	case no != uint64(i):
		return fmt.Errorf("its name says that it is part %d of %d, %s is %d, from 0; they contradict each other", i+1, n, splitNo, no)
	}
	return nil
}

// fromGGUF puts a model together. The metadata are those of the first part.
func fromGGUF(parts ...*tensorfile.GGUF) (*Model, error) {
	f := parts[0]
	a, _ := f.String("general.architecture")
	fam, ok := familyOf(func(f family) bool { return f.gguf == a && a != "" })
	if !ok {
		return nil, notSupported(fmt.Sprintf("architecture %q", a), a)
	}
	w, err := ggufWeights(parts, fam)
	if err != nil {
		return nil, err
	}
	m := &Model{source: w}
	if m.Config, err = ggufConfig(f, fam, w); err != nil {
		return nil, err
	}
	if fam.neighbors {
		w.neighbors = m.HeadDim
	}
	if m.Tokenizer, err = ggufTokenizer(f.Metadata, m.Vocab); err != nil {
		return nil, err
	}
	m.TokenizerConfig = ggufTokenizerConfig(f.Metadata)
	return m, nil
}

// ggufWeights finds every tensor of the parts.
func ggufWeights(parts []*tensorfile.GGUF, fam family) (*weights, error) {
	w := &weights{at: map[string]place{}, closed: true}
	n := 0
	for _, f := range parts {
		w.files = append(w.files, f)
		for _, name := range f.Names() {
			n++
			to := fam.huggingFace(name)
			if _, ok := w.at[to]; ok {
				return nil, fmt.Errorf("tensor %q occurs twice", name)
			}
			w.at[to] = place{f, name}
		}
	}
	if want, ok := parts[0].Uint(splitTensors); ok && want != uint64(n) {
		return nil, fmt.Errorf("%s is %d, its %d files have %d tensors; they are not all of one model", splitTensors, want, len(parts), n)
	} else if !ok && parts[0].Has(splitTensors) {
		return nil, errors.New(splitTensors + " is not a whole number")
	}
	return w, nil
}
