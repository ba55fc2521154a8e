package steer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// The versions of the files that Save writes: a circuit with attention heads has one of its own, which programs that know no
// heads refuse by name.
const (
	circuitFormat = 1
	headsFormat   = 2
)

// circuitFile is a circuit with its provenance as canonical JSON: fields in this order, entries strongest first.
type circuitFile struct {
	Format    int        `json:"format"`
	Name      string     `json:"name"`
	Shape     Shape      `json:"shape"`
	Metric    string     `json:"metric"` // what the scores measured, in words
	Unit      string     `json:"unit"`
	Method    string     `json:"method"`
	Positions int        `json:"positions"`
	Selection selection  `json:"selection"`
	From      Header     `json:"from"`                // of the record of the scores: request, digests, engine, tool, and its body
	Reference *reference `json:"reference,omitempty"` // of a circuit that the reference implementation saved
	Entries   []Entry    `json:"entries"`
	SHA256    string     `json:"sha256"` // of this JSON with the field empty
}

// Save writes the circuit with everything that it came from (model, tokenizer and config digests; prompt, ids, rule and
// metric; selection; engine and version) and its own hash. The file is replaced as a whole or not at all; LoadCircuit
// reads and verifies it.
func (c Circuit) Save(path string) error {
	o := c.from()
	if o.err != nil {
		return engine.Prefix("save", o.err)
	}
	if len(o.made) > 1 {
		return engine.Errorf(engine.ModelMismatch, "save", "%s: the circuit %s was made from the weights of %d models, and belongs to none of them", path, c.quoted(), len(o.made)).
			Try("save a circuit of one model")
	}
	f := circuitFile{Format: circuitFormat, Name: c.name, Shape: o.shape, Metric: o.about, Unit: o.unit, Method: o.method,
		Positions: o.positions, Selection: o.selection, From: o.header, Reference: o.reference, Entries: once(c.all())}
	if c.hasHeads() {
		f.Format = headsFormat
	}
	if len(f.Entries) == 0 {
		return engine.Errorf(engine.BadSetting, "save", "%s: the circuit %s is empty", path, c.quoted()).Try("select some neurons, e.g. TopK(20)")
	}
	var err error
	if f.SHA256, err = f.hash(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return engine.Errorf(engine.Internal, "save", "%s: the circuit cannot be written as JSON: %v", path, err)
	}
	return writeFile(path, append(b, '\n'))
}

// once returns the entries without those that stand there again.
func once(es []Entry) []Entry {
	var out []Entry
	seen := places(nil)
	for _, e := range es {
		if !seen[e.Neuron][e.Position] {
			out = append(out, e)
			seen.add(e)
		}
	}
	return out
}

// hash is the file's own hash, which no change of a number or a word survives.
func (f circuitFile) hash() (string, error) {
	f.SHA256 = ""
	b, err := json.Marshal(f)
	if err != nil {
		return "", engine.Errorf(engine.Internal, "save", "a circuit cannot be written as JSON: %v", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// circuit is the inverse of Save.
func (f circuitFile) circuit(warnings []Warning) Circuit {
	o := origin{shape: f.Shape, about: f.Metric, unit: f.Unit, positions: f.Positions, method: f.Method, header: f.From, made: madeFrom(f.From),
		selection: f.Selection, reference: f.Reference, warnings: warnings}
	return Circuit{name: f.Name, entries: func() []Entry { return f.Entries }, origin: func() origin { return o }}
}

// check reports entries that no circuit of the file's own model can have.
func (f circuitFile) check(path string) error {
	if len(f.Entries) == 0 {
		return badCircuit(path, "it holds no neuron")
	}
	seen := places(nil)
	for i, e := range f.Entries {
		if seen[e.Neuron][e.Position] {
			return badCircuit(path, "%v at position %d stands there twice", e.Neuron, e.Position)
		}
		seen.add(e)
		if !f.Shape.Has(e.Neuron) || e.Position < -1 {
			return badCircuit(path, "entry %d, %v at position %d, is outside the model of %d layers × %d neurons and %d heads that it names", i, e.Neuron, e.Position, f.Shape.Layers, f.Shape.Neurons, f.Shape.Heads)
		}
		if e.Head && f.Format != headsFormat {
			return badCircuit(path, "entry %d, %v, is an attention head, of which a file of format %d has none", i, e.Neuron, f.Format)
		}
		if e.Position >= f.Shape.Positions && e.Position >= 0 && f.Shape.Positions > 0 {
			return badCircuit(path, "entry %d, %v at position %d, is outside the model's context of %d tokens", i, e.Neuron, e.Position, f.Shape.Positions)
		}
		if !(math.Abs(e.Score) <= math.MaxFloat32) {
			return badCircuit(path, "the score of entry %d, %v, is %g, and no number of 32 bits", i, e.Neuron, e.Score)
		}
	}
	return nil
}

func badCircuit(path, format string, args ...any) *Error {
	return engine.Errorf(engine.BadFile, path, "the circuit cannot be used: %s", fmt.Sprintf(format, args...)).
		Try("copy the file again, or save the circuit anew")
}
