package steer

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/exactjson"
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// referenceFile is a circuit of the reference implementation.
type referenceFile struct {
	Neurons map[string]float64 `json:"neurons"` // "layer,position,neuron" → attribution
	reference
}

func parseReference(path string, b []byte, shape Shape) (Circuit, error) {
	var r referenceFile
	if err := exactjson.Unmarshal(b, &r); err != nil {
		return Circuit{}, badCircuit(path, "%v", err)
	}
	f := circuitFile{Name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), Shape: shape, Unit: "logits", Reference: &r.reference}
	if r.Target != "" {
		f.Metric = fmt.Sprintf("logit(%q)", r.Target)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Neurons)) {
		part := strings.Split(key, ",")
		if len(part) != 3 {
			return Circuit{}, badCircuit(path, "the key %q is not layer,position,neuron", key)
		}
		var n [3]int
		for i, s := range part {
			var err error
			if n[i], err = strconv.Atoi(strings.TrimSpace(s)); err != nil {
				return Circuit{}, badCircuit(path, "the key %q is not layer,position,neuron", key)
			}
		}
		f.Entries = append(f.Entries, Entry{Neuron{Layer: n[0], Index: n[2]}, n[1], r.Neurons[key]})
	}
	slices.SortFunc(f.Entries, byStrength)
	if err := f.check(path); err != nil {
		return Circuit{}, err
	}
	return f.circuit([]Warning{{Code: "origin", Text: "the file is the reference implementation's and does not say by which model's weights"}}), nil
}

// SaveReference writes the circuit as the reference implementation does, which keeps the entries, the prompt and the
// target, and nothing of the provenance. The prompt is the text that was asked, byte for byte, or for a chat the text that
// the template rendered; of a circuit of several prompts there is none.
func (c Circuit) SaveReference(path string) error {
	o := c.from()
	if o.err != nil {
		return engine.Prefix("save", o.err)
	}
	if err := message.WithoutHeads(c.Neurons(), "the reference implementation's files hold none"); err != nil {
		return engine.Prefix("save", err)
	}
	r := referenceFile{map[string]float64{}, o.asReference()}
	for _, e := range c.all() {
		r.Neurons[fmt.Sprintf("%d,%d,%d", e.Layer, e.Position, e.Index)] = e.Score
	}
	if len(r.Neurons) == 0 {
		return engine.Errorf(engine.BadSetting, "save", "%s: the circuit %s is empty", path, c.quoted()).Try("select some neurons, e.g. TopK(20)")
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return engine.Errorf(engine.Internal, "save", "%s: the circuit cannot be written as JSON: %v", path, err)
	}
	return writeFile(path, b)
}
