package steer

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Only returns the activations of some of the spaces.
func (a Activations) Only(spaces ...Site) Activations {
	return Activations{conditions: a.conditions, rec: newResult[message.ActivationsBody](func() Record {
		r, b := a.rec.record(), a.rec.body()
		b.Spaces = slices.DeleteFunc(slices.Clone(b.Spaces), func(s Site) bool { return !slices.Contains(spaces, s) })
		tensors := map[string]Tensor{}
		for _, s := range b.Spaces {
			tensors[s.String()] = r.Tensors[s.String()]
		}
		body, err := json.Marshal(b)
		if err != nil { // it was JSON before
			return Record{}
		}
		h := r.Header
		h.Body = body
		return Record{h, tensors}
	})}
}

// Save writes the activations to a file: with the ending .safetensors all spaces, one tensor each, and where they come
// from; with .npy the one space that there is, as NumPy reads it. The file is replaced as a whole or not at all.
func (a Activations) Save(path string) error {
	r, b := a.rec.record(), a.rec.body()
	if len(b.Spaces) == 0 {
		return engine.Errorf(engine.BadSetting, "save", "%s: there are no activations", path).Try("capture some with m.Capture(prompt).From(steer.Residual)")
	}
	var out bytes.Buffer
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".safetensors":
		header, err := json.Marshal(r.Header)
		if err != nil {
			return engine.Errorf(engine.Internal, "save", "%s: the header cannot be written as JSON: %v", path, err)
		}
		var tensors []tensorfile.Tensor
		for _, name := range slices.Sorted(maps.Keys(r.Tensors)) {
			t := r.Tensors[name]
			tensors = append(tensors, tensorfile.Tensor{Name: name, Shape: t.Shape, Data: t.Data})
		}
		if err := tensorfile.WriteSafetensors(&out, map[string]string{"neuronsteer.activations": string(header)}, tensors); err != nil {
			return fmt.Errorf("save: %s: %w", path, err)
		}
	case ".npy":
		if len(b.Spaces) != 1 {
			return engine.Errorf(engine.BadSetting, "save", "%s: a .npy file holds one array, there are %d (%v)", path, len(b.Spaces), b.Spaces).
				Try("save a.Only(steer.%s), or save it as .safetensors", goName(b.Spaces[0]))
		}
		writeNPY(&out, a.Tensor(b.Spaces[0]))
	default:
		return engine.Errorf(engine.BadSetting, "save", "%s: no format has the ending %q", path, ext).Try("use .safetensors or .npy")
	}
	return writeFile(path, out.Bytes())
}

// goName returns how a program spells a space.
func goName(s Site) string {
	switch s {
	case engine.MLP:
		return "MLP"
	case engine.Neurons:
		return "MLPNeurons"
	}
	return strings.ToUpper(s.String()[:1]) + s.String()[1:]
}

// writeNPY writes an array as version 1.0 of NumPy's format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
func writeNPY(b *bytes.Buffer, t Tensor) {
	shape := make([]string, len(t.Shape))
	for i, d := range t.Shape {
		shape[i] = fmt.Sprintf("%d,", d)
	}
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", strings.Join(shape, " "))
	const before = 10                                                                // magic, version, length
	header += strings.Repeat(" ", (64-(before+len(header)+1)%64)%64) + "\n"          // data start at a multiple of 64
	b.WriteString("\x93NUMPY\x01\x00")                                               // magic and version
	b.Write(binary.LittleEndian.AppendUint16(nil, uint16(min(len(header), 0xffff)))) // at most six dimensions: far below
	b.WriteString(header)
	word := make([]byte, 4)
	for _, x := range t.Data {
		binary.LittleEndian.PutUint32(word, math.Float32bits(x))
		b.Write(word)
	}
}
