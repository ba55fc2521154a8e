package golden

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A document is a folder's two files with a mark on every key and tensor: compared or not.
type document struct {
	name    string
	root    node
	tensors *tensorfile.File
	keys    map[string]*source      // by path
	arrays  map[string]*source      // by a tensor's name
	sources []*source               // all of them, keys first, in order of name
	faults  []fault                 // values of the wrong kind
	reasons map[string]reason       // of the format
	inherit bool                    // a tensor takes over the reason of the key that names it
	pairs   map[string][]steer.Pair // of the file beside the model, by the name of their contrast
}

// A source is one key of the manifest whose value holds no object, or one tensor.
type source struct {
	path     []string // concrete, e.g. prompts, [0], metric
	tensor   bool
	value    any // of a key
	compared bool
	because  string // why this one could not be compared; empty: the format's table says
}

type fault struct {
	where string
	err   error
}

// name returns the path as people write it: prompts[0].metric.
func (s *source) name() string { return join(s.path) }

func join(path []string) string {
	var b strings.Builder
	for i, p := range path {
		if i > 0 && !strings.HasPrefix(p, "[") {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	return b.String()
}

// parse reads a manifest and lists everything that can be compared.
func parse(name string, manifest []byte, tensors *tensorfile.File) (*document, error) {
	d := json.NewDecoder(bytes.NewReader(manifest))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		return nil, engine.Errorf(engine.BadSetting, name, "this is not JSON: %v", err).Try("copy or download the file again")
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, engine.Errorf(engine.BadSetting, name, "the file is JSON, but no object").Try("copy or download the file again")
	}
	doc := &document{name: name, tensors: tensors, keys: map[string]*source{}, arrays: map[string]*source{}}
	doc.root = node{doc: doc, value: v}
	doc.list(nil, v)
	for _, n := range tensors.Names() {
		s := &source{path: []string{n}, tensor: true}
		doc.arrays[n] = s
		doc.sources = append(doc.sources, s)
	}
	return doc, nil
}

// list registers every key below a value. A list that holds no object is one key: a row of a table has no name.
func (doc *document) list(path []string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			doc.list(append(slices.Clone(path), k), v[k])
		}
		if len(v) > 0 {
			return
		}
	case []any:
		if slices.ContainsFunc(v, holdsObject) {
			for i, x := range v {
				doc.list(append(slices.Clone(path), index(i)), x)
			}
			return
		}
	}
	s := &source{path: path, value: v}
	doc.keys[join(path)] = s
	doc.sources = append(doc.sources, s)
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

func holdsObject(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return true
	case []any:
		return slices.ContainsFunc(v, holdsObject)
	}
	return false
}

// An array is a tensor of the file, or a result to compare with one.
type array struct {
	shape []int
	data  []float32
	err   error
	src   *source // nil for a result
}

// tensor returns the tensor of this name; its absence is in the array's err.
func (doc *document) tensor(name string) array {
	info, ok := doc.tensors.Info(name)
	if !ok {
		return array{err: fmt.Errorf("golden.safetensors holds no tensor %q", name)}
	}
	v, err := doc.tensors.Float32(name)
	return array{shape: info.Shape, data: v, err: err, src: doc.arrays[name]}
}

// integers returns a tensor of ids [T].
func (doc *document) integers(name string) ([]int32, *source, error) {
	if info, ok := doc.tensors.Info(name); ok && len(info.Shape) != 1 {
		return nil, doc.arrays[name], fmt.Errorf("tensor %q has the shape %v, ids have one axis", name, info.Shape)
	}
	v, err := doc.tensors.Int64(name)
	if err != nil {
		return nil, doc.arrays[name], err
	}
	out := make([]int32, len(v))
	for i, x := range v {
		if out[i] = int32(x); int64(out[i]) != x {
			return nil, doc.arrays[name], fmt.Errorf("tensor %q: %d is no id of a token", name, x)
		}
	}
	return out, doc.arrays[name], nil
}
