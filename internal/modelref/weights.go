package modelref

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Weights says which files of a Hugging Face folder hold its tensors.
type Weights struct {
	Files []string          // names in the folder, sorted
	Map   map[string]string // tensor → file; nil when one file holds them all
}

// The names that Hugging Face gives to weights.
const (
	weightsFile  = "model.safetensors"
	weightsIndex = "model.safetensors.index.json"
)

// maxIndex bounds the index of a sharded checkpoint.
const maxIndex = 64 << 20

// FindWeights returns the weight files of a folder: model.safetensors, or the files that model.safetensors.index.json
// lists. A file in the index that is not in the folder, or not a plain name, is an error.
func FindWeights(fsys fs.FS) (Weights, error) {
	if _, err := fs.Stat(fsys, weightsFile); err == nil {
		return Weights{Files: []string{weightsFile}}, nil
	}
	w, err := index(fsys)
	if errors.Is(err, fs.ErrNotExist) {
		return Weights{}, fmt.Errorf("neither %s nor %s is there%s", weightsFile, weightsIndex, otherWeights(fsys))
	} else if err != nil {
		return Weights{}, err
	}
	var missing []string
	for _, file := range w.Files {
		if _, err := fs.Stat(fsys, file); err != nil {
			missing = append(missing, file)
		}
	}
	if len(missing) > 0 {
		return Weights{}, fmt.Errorf("%d of the %d files in %s are missing: %s; copy or download them", len(missing), len(w.Files), weightsIndex, FirstTen(missing, ", "))
	}
	return w, nil
}

// index reads the index of a folder. The files that it lists need not be there.
func index(fsys fs.FS) (Weights, error) {
	b, err := ReadFile(fsys, weightsIndex, maxIndex)
	if err != nil {
		return Weights{}, err
	}
	return ParseIndex(b)
}

// ParseIndex reads model.safetensors.index.json.
func ParseIndex(b []byte) (Weights, error) {
	var index struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(b, &index); err != nil {
		return Weights{}, fmt.Errorf("%s is not JSON of that kind, {\"weight_map\": {tensor: file}}", weightsIndex)
	}
	if len(index.Map) == 0 {
		return Weights{}, fmt.Errorf("%s lists no tensor in weight_map", weightsIndex)
	}
	w := Weights{Map: index.Map, Files: slices.Compact(slices.Sorted(maps.Values(index.Map)))}
	for _, file := range w.Files {
		if !fs.ValidPath(file) || path.Base(file) != file || file == "." {
			return Weights{}, fmt.Errorf("%s names the file %.100q, which is not a plain name", weightsIndex, file)
		}
	}
	return w, nil
}

// otherWeights recognizes a folder whose weights are in a format that is not read.
func otherWeights(fsys fs.FS) string {
	for _, name := range []string{"pytorch_model.bin", "pytorch_model.bin.index.json", "consolidated.00.pth", "tf_model.h5", "flax_model.msgpack"} {
		if _, err := fs.Stat(fsys, name); err == nil {
			return fmt.Sprintf(" (only %s); convert the model to safetensors, e.g. with save_pretrained of transformers", name)
		}
	}
	return ""
}

// ReadFile reads a file of text of at most limit bytes, without a byte-order mark.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	st, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if st.Mode().IsRegular() && st.Size() > limit {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are read", name, st.Size(), limit)
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	if b, err = regular.Text(b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}
