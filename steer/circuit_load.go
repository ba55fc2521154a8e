package steer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/exactjson"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxCircuitFile bounds what is read: a circuit of every neuron of a large model is about 100 MB of JSON.
const maxCircuitFile = 256 << 20

// LoadCircuit reads a circuit from a file that Circuit.Save wrote, or one of the reference implementation ("l,p,n" keys),
// and checks that it is whole and belongs to this model. A file that was cut or changed and one of another model are
// errors; another tokenizer or backend is a Warning, and so is a file that does not say where it comes from.
func (m *Model) LoadCircuit(ctx context.Context, path string) (Circuit, error) {
	b, err := readCircuitFile(path)
	if err != nil {
		return Circuit{}, err
	}
	info, err := m.Info().Run(ctx)
	if err != nil {
		return Circuit{}, fmt.Errorf("%s: which model it is for: %w", path, err)
	}
	return parseCircuit(path, b, info)
}

func readCircuitFile(path string) ([]byte, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".safetensors", ".gguf":
		return nil, engine.Errorf(engine.BadFile, path, "a file with the ending %s holds no circuit", ext).Try("read a vector with m.LoadVector; a circuit is saved as .json")
	case ".csv", ".tsv", ".jsonl", ".parquet", ".npy", ".md", ".tex":
		return nil, engine.Errorf(engine.BadFile, path, "a table does not say which model and prompt its neurons come from").Try("save the circuit as .json, which does; a set of examples is read with steer.Examples")
	}
	b, err := regular.ReadText(path, maxCircuitFile)
	if err != nil {
		return nil, engine.Errorf(engine.BadFile, path, "the circuit cannot be read: %v", err).Try("name a file that Circuit.Save wrote")
	}
	return b, nil
}

// parseCircuit tells the two formats apart and checks against the model.
func parseCircuit(path string, b []byte, info Info) (Circuit, error) {
	var kind struct {
		Format  *int            `json:"format"`
		Neurons json.RawMessage `json:"neurons"`
	}
	if err := exactjson.Unmarshal(b, &kind); err != nil {
		return Circuit{}, badCircuit(path, "it is no JSON object, or was cut: %v", err)
	}
	if kind.Format == nil && kind.Neurons == nil {
		return Circuit{}, badCircuit(path, "it has neither a format, as Circuit.Save writes it, nor neurons, as the reference implementation does")
	}
	if kind.Format == nil && kind.Neurons != nil {
		return parseReference(path, b, info.Shape())
	}
	var f circuitFile
	if kind.Format != nil && (*kind.Format < circuitFormat || *kind.Format > headsFormat) {
		return Circuit{}, engine.Errorf(engine.BadFile, path, "the circuit has format %d, this program reads formats %d and %d", *kind.Format, circuitFormat, headsFormat).Try("use a newer neuronsteer")
	}
	if err := exactjson.Decode(b, &f); err != nil {
		return Circuit{}, badCircuit(path, "%v", err)
	}
	sum, err := f.hash()
	if err != nil {
		return Circuit{}, err
	}
	if sum != f.SHA256 {
		return Circuit{}, badCircuit(path, "a number or a word was changed after it was saved (hash %.8s, not %.8s)", sum, f.SHA256)
	}
	if f.From.Identity.Model == "" && f.Shape != info.Shape() { // neurons that were given, not found: no model is named
		f.Shape = info.Shape()
	}
	if f.Shape != info.Shape() {
		return Circuit{}, engine.Errorf(engine.ModelMismatch, path, "the circuit belongs to a model of %s, this one has %s", sizes(f.Shape), sizes(info.Shape())).
			Try("open the model that it was found on")
	}
	if err := f.check(path); err != nil {
		return Circuit{}, err
	}
	ws, err := sameModel(path, f.From, info)
	if err != nil {
		return Circuit{}, err
	}
	return f.circuit(ws), nil
}

// Warnings returns what a reader must know before concluding anything from a circuit that was read from a file.
func (c Circuit) Warnings() []Warning {
	return slices.Clone(slices.CompactFunc(c.from().warnings, func(a, b Warning) bool { return cmp.Compare(a.Text, b.Text) == 0 }))
}
