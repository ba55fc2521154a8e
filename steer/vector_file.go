package steer

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// vectorFormat is the version of the files that Save writes.
const vectorFormat = 1

// vectorHeader is what a file says of a vector beside its numbers: provenance, and a hash over everything. It stands under
// the key vectorKey in the metadata of both formats, where other programs leave it alone.
type vectorHeader struct {
	Format   int       `json:"format"`
	Name     string    `json:"name"`
	Taken    Method    `json:"operation,omitempty"` // it was taken by, in this space and these layers; files of before have none
	Space    Site      `json:"space"`
	Shape    Shape     `json:"shape"`
	Layers   []int     `json:"layers"`
	About    string    `json:"about"`
	Pairs    int       `json:"pairs"`
	From     []Header  `json:"from"` // the records that the vector was made of: request, model, tokenizer, engine, tool
	Warnings []Warning `json:"warnings,omitempty"`
	SHA256   string    `json:"sha256"` // of this header with the field empty, then of the layers' numbers, little-endian
}

const (
	vectorKey       = "neuronsteer.vector"
	directionPrefix = "direction." // then the number of the layer, from 0: both formats name tensors as llama.cpp does
	architectureKey = "general.architecture"
	controlVector   = "controlvector"
	modelHintKey    = "controlvector.model_hint"
	layerCountKey   = "controlvector.layer_count"
)

// Save writes the vector to a file: safetensors, or with the ending .gguf a control vector as llama.cpp reads it. Both hold
// one tensor for each layer, direction.L, L counting from 0, and the vector's provenance with a hash of everything: by which
// operation, in which space and at which layers it was taken, which is where it acts and nowhere else. The file is replaced as a
// whole or not at all.
//
// llama.cpp adds direction.L to the residual stream after layer L and never after layer 0, so a GGUF file can hold neither
// layer 0 nor a vector of another space; that is an error.
func (v Vector) Save(path string) error {
	const task = "save"
	d := v.data()
	if d.err != nil {
		return fmt.Errorf("%s: %w", path, d.err)
	}
	if len(d.rows) == 0 {
		return engine.Errorf(engine.BadSetting, task, "%s: the vector %q is empty", path, v.name).Try("save one that m.ControlVector made")
	}
	h := vectorHeader{Format: vectorFormat, Name: v.name, Taken: d.taken, Space: d.space, Shape: d.shape, About: d.about, Pairs: d.n, From: d.from, Warnings: d.warnings}
	var tensors []tensorfile.Tensor
	for l, has := range d.has {
		if has {
			h.Layers = append(h.Layers, l)
			tensors = append(tensors, tensorfile.Tensor{Name: directionPrefix + strconv.Itoa(l), Shape: []int{len(d.row(l))}, Data: d.row(l)})
		}
	}
	var err error
	if h.SHA256, err = h.hash(d.row); err != nil {
		return err
	}
	meta, err := json.Marshal(h)
	if err != nil {
		return engine.Errorf(engine.Internal, task, "the header of %s cannot be written as JSON: %v", path, err)
	}
	var b bytes.Buffer
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".safetensors":
		err = tensorfile.WriteSafetensors(&b, map[string]string{vectorKey: string(meta)}, tensors)
	case ".gguf":
		if d.space != engine.Residual {
			return engine.Errorf(engine.BadSetting, task, "%s: llama.cpp adds control vectors to the residual stream alone; this one is of %s", path, d.space).
				Try("save it as .safetensors")
		}
		if d.has[0] {
			return engine.Errorf(engine.BadSetting, task, "%s: llama.cpp has no control vector after layer 0", path).
				Try("save v.Layers(1, %d), or save it as .safetensors", d.shape.Layers-1)
		}
		err = tensorfile.WriteGGUF(&b, []tensorfile.Field{
			{Key: architectureKey, Value: controlVector}, {Key: modelHintKey, Value: "llama"},
			{Key: layerCountKey, Value: uint32(len(tensors))}, {Key: vectorKey, Value: string(meta)},
		}, tensors)
	default:
		return engine.Errorf(engine.BadSetting, task, "%s: no format has the ending %q", path, ext).Try("use .safetensors or .gguf")
	}
	if err != nil {
		return fmt.Errorf("save: %s: %w", path, err)
	}
	return writeFile(path, b.Bytes())
}

// hash returns the hash of the header and of the numbers of its layers.
func (h vectorHeader) hash(row func(layer int) []float32) (string, error) {
	h.SHA256 = ""
	b, err := json.Marshal(h)
	if err != nil {
		return "", engine.Errorf(engine.Internal, "save", "the header of a vector cannot be written as JSON: %v", err)
	}
	sum := sha256.New()
	sum.Write(b)
	var word [4]byte
	for _, l := range h.Layers {
		for _, x := range row(l) {
			binary.LittleEndian.PutUint32(word[:], math.Float32bits(x))
			sum.Write(word[:])
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
