package steer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// LoadVector reads a vector from a file that Vector.Save wrote, or a control vector of llama.cpp or repeng (.gguf, or the
// same tensors in .safetensors), and checks that it is whole and belongs to this model. A file that was cut or changed and
// one of another model are errors; another backend is a Warning, and so is a file that does not say where it comes from.
// In a foreign file direction.L is taken as what llama.cpp adds to the residual stream after layer L, from 0.
func (m *Model) LoadVector(ctx context.Context, path string) (Vector, error) {
	file, err := readVectorFile(path)
	if err != nil {
		return Vector{}, err
	}
	info, err := m.Info().Run(ctx)
	if err != nil {
		return Vector{}, fmt.Errorf("%s: which model it is for: %w", path, err)
	}
	return file.vector(path, info)
}

// vectorFile is what a file of either format holds.
type vectorFile struct {
	header *vectorHeader // nil: written by another program
	layers map[int][]float32
	hint   string // llama.cpp's model_hint
}

// tensors is what the two formats have in common.
type tensorReader interface {
	Names() []string
	Info(name string) (tensorfile.Info, bool)
	Float32(name string) ([]float32, error)
}

func badFile(path, format string, args ...any) *Error {
	return engine.Errorf(engine.BadFile, path, format, args...).Try("copy the file again, or make the vector anew with m.ControlVector")
}

// readVectorFile reads and verifies a file on its own, whatever model it is for.
func readVectorFile(path string) (f vectorFile, err error) {
	var (
		tensors tensorReader
		meta    string
		signed  bool
	)
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".safetensors":
		t, oerr := tensorfile.Open(path)
		if oerr != nil {
			return f, badFile(path, "the vector cannot be read: %v", oerr)
		}
		defer func() { err = firstError(err, t.Close()) }()
		meta, signed = t.Metadata()[vectorKey]
		tensors = t
	case ".gguf":
		t, oerr := tensorfile.OpenGGUF(path)
		if oerr != nil {
			return f, badFile(path, "the vector cannot be read: %v", oerr)
		}
		defer func() { err = firstError(err, t.Close()) }()
		if a, _ := t.String(architectureKey); a != controlVector {
			return f, engine.Errorf(engine.BadFile, path, "this GGUF file holds a %q, not a control vector", a).Try("give a file whose %s is %s", architectureKey, controlVector)
		}
		f.hint, _ = t.String(modelHintKey)
		meta, signed = t.String(vectorKey)
		tensors = t
	default:
		return f, engine.Errorf(engine.BadFile, path, "no format has the ending %q", ext).Try("use .safetensors or .gguf")
	}
	if f.layers, err = directions(path, tensors); err != nil {
		return f, err
	}
	if signed {
		f.header = new(vectorHeader)
		if err := json.Unmarshal([]byte(meta), f.header); err != nil {
			return f, badFile(path, "its header cannot be read: %v", err)
		}
		return f, f.verify(path)
	}
	return f, nil
}

// directions reads the tensors.
func directions(path string, t tensorReader) (map[int][]float32, error) {
	layers := map[int][]float32{}
	for _, name := range t.Names() {
		number, isDirection := strings.CutPrefix(name, directionPrefix)
		l, err := strconv.Atoi(number)
		if !isDirection || err != nil || l < 0 || strconv.Itoa(l) != number {
			return nil, badFile(path, "the tensor %q is no direction of a layer", name)
		}
		info, _ := t.Info(name)
		if !oneRow(info.Shape) {
			return nil, badFile(path, "%s has the shape %v, not one number for each of the model's width", name, info.Shape)
		}
		row, err := t.Float32(name)
		if err != nil {
			return nil, badFile(path, "%v", err)
		}
		if i := message.FirstNotFinite(row); i >= 0 {
			return nil, badFile(path, "%s has a number that is not finite (number %d, %v)", name, i, row[i])
		}
		layers[l] = slices.Clone(row)
	}
	if len(layers) == 0 {
		return nil, badFile(path, "it holds no direction of any layer")
	}
	return layers, nil
}

// oneRow reports whether a shape is that of one row of numbers: axes of length 1 before the last are no axes to llama.cpp.
func oneRow(shape []int) bool {
	for i, n := range shape {
		if n < 1 || n > 1 && i < len(shape)-1 {
			return false
		}
	}
	return len(shape) > 0
}

// verify reports a file whose numbers are not those that were saved.
func (f vectorFile) verify(path string) error {
	h := *f.header
	if h.Format != vectorFormat {
		return engine.Errorf(engine.BadFile, path, "the vector has format %d, this program reads format %d", h.Format, vectorFormat).Try("use a newer neuronsteer")
	}
	if !slices.Contains([]Method{"", MeanDiff, PCA, asGiven}, h.Taken) {
		return engine.Errorf(engine.BadFile, path, "the vector was taken by %q in %s, which this program does not know", h.Taken, h.Space).
			Try("use a newer neuronsteer; or say what its numbers are: steer.NewVector(name, steer.Residual, shape, layers)")
	}
	if !slices.Contains(message.VectorSites, h.Space) || len(h.Layers) != len(f.layers) {
		return badFile(path, "its header and its %d layers contradict each other", len(f.layers))
	}
	for _, l := range h.Layers {
		if row, ok := f.layers[l]; !ok || l < 0 || l >= h.Shape.Layers || len(row) != h.Space.Width(h.Shape) {
			return badFile(path, "layer %d is missing, or not of the model that the header names", l)
		}
	}
	sum, err := h.hash(func(l int) []float32 { return f.layers[l] })
	if err != nil {
		return err
	}
	if sum != h.SHA256 {
		return badFile(path, "its numbers or its header were changed after it was saved (hash %.8s, not %.8s)", sum, h.SHA256)
	}
	return nil
}

// vector builds the vector for a model, or says what differs.
func (f vectorFile) vector(path string, info Info) (Vector, error) {
	shape, space := info.Shape(), engine.Residual
	h := vectorHeader{Name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), About: "from " + filepath.Base(path)}
	var warnings []Warning
	if f.header != nil {
		h, space, warnings = *f.header, f.header.Space, f.header.Warnings
		if h.Shape != shape {
			return Vector{}, engine.Errorf(engine.ModelMismatch, path, "the vector belongs to a model of %s, this one has %s", sizes(h.Shape), sizes(shape)).
				Try("open the model that it was made on")
		}
		for _, from := range h.From {
			w, err := sameModel(path, from, info)
			if err != nil {
				return Vector{}, err
			}
			warnings = append(warnings, w...)
		}
		if len(h.From) == 0 {
			warnings = append(warnings, Warning{Code: "origin", Text: "the file does not say which model the vector was made on"})
		}
	} else {
		text := "the file was made by another program and does not say by which model's weights"
		if f.hint != "" {
			text += fmt.Sprintf(" (its hint is %q)", f.hint)
		}
		warnings = append(warnings, Warning{Code: "origin", Text: text})
	}
	v, err := NewVector(h.Name, space, shape, f.layers)
	if err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			e.Task = path
		}
		return Vector{}, err
	}
	d := v.data()
	d.taken, d.about, d.n, d.from, d.warnings = h.Taken, h.About, h.Pairs, h.From, slices.Compact(warnings)
	return Vector{h.Name, func() vectorData { return d }}, nil
}

func sizes(s Shape) string {
	return fmt.Sprintf("%d layers, width %d, %d neurons, vocabulary %d", s.Layers, s.Width, s.Neurons, s.Vocab)
}

// sameModel reports whether a record is of this model: its weights must be, the tokenizer and what did the work are
// warned about.
func sameModel(path string, from Header, info Info) ([]Warning, error) {
	a, b := from.Identity, info.Identity()
	if a.Model == "" || b.Model == "" {
		return []Warning{{Code: "origin", Text: "which model the vector was made on is not known"}}, nil
	}
	if a.Model != b.Model {
		return nil, engine.Errorf(engine.ModelMismatch, path, "it was made on the model %q (weights %.8s), this one is %q (weights %.8s)", from.Model, a.Model, info.Name(), b.Model).
			Try("open the model that it was made on")
	}
	var ws []Warning
	if a.Tokenizer != b.Tokenizer {
		ws = append(ws, Warning{Code: "tokenizer", Text: fmt.Sprintf("it was made with another tokenizer or chat template (%.8s, here %.8s)", a.Tokenizer, b.Tokenizer)})
	}
	if from.Engine != info.Engine() {
		ws = append(ws, Warning{Code: "backend", Text: fmt.Sprintf("it was made by %s, this model runs on %s: numbers differ in their last digits", from.Engine, info.Engine())})
	}
	return ws, nil
}
