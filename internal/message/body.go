package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Body is the part of a record that is not tensors. It says which tensors stand beside it.
type Body interface {
	// Tensors returns the sizes of every tensor, by name; −1 is any size.
	Tensors() map[string][]int
}

// bodies makes an empty body of each kind.
var bodies = map[string]func() Body{
	"attribute":        func() Body { return &AttributeBody{} },
	"baseline":         func() Body { return &BaselineBody{} },
	"behavior":         func() Body { return &BehaviorBody{} },
	"calibrate":        func() Body { return &CalibrateBody{} },
	"capture":          func() Body { return &ActivationsBody{} },
	"contrast":         func() Body { return &ContrastBody{} },
	"control-vector":   func() Body { return &ControlVectorBody{} },
	"decompose":        func() Body { return &DecomposeBody{} },
	"edges":            func() Body { return &EdgesBody{} },
	"evidence":         func() Body { return &EvidenceBody{} },
	"faithfulness":     func() Body { return &FaithfulnessBody{} },
	"generate":         func() Body { return &GenerateBody{} },
	"generate-each":    func() Body { return &GenerateEachBody{} },
	"logit-lens":       func() Body { return &LogitLensBody{} },
	"mean-activations": func() Body { return &ActivationsBody{} },
	"methods":          func() Body { return &MethodsBody{} },
	"model":            func() Body { return &InfoBody{} },
	"patch":            func() Body { return &PatchBody{} },
	"plan":             func() Body { return &PlanBody{} },
	"predict":          func() Body { return &PredictBody{} },
	"stability":        func() Body { return &StabilityBody{} },
	"profiles":         func() Body { return &ProfilesBody{} },
	"sweep":            func() Body { return &SweepBody{} },
	"tokens":           func() Body { return &TokensBody{} },
	"top-activations":  func() Body { return &TopActivationsBody{} },
	"unembed":          func() Body { return &UnembedBody{} },
	"universal":        func() Body { return &UniversalBody{} },
	"writes":           func() Body { return &WritesBody{} },
}

// CheckBody reports a body of a kind that cannot be read, and tensors that are not those that it says: whoever believes a
// record first asks this, for a record may come from a file or a process that is damaged or hostile.
func CheckBody(kind string, body []byte, tensors map[string][]int) error {
	empty, ok := bodies[kind]
	if !ok {
		return engine.Mistake(engine.BadRequest, "this version knows no records of the kind %q", kind).Try(engine.TryOneVersion)
	}
	b := empty()
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(b); err != nil {
		if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) { // in words of JSON, not of Go
			err = fmt.Errorf("%q is a %s", e.Field, e.Value)
		}
		return engine.Mistake(engine.BadFile, "the body of the record cannot be read: %v", err)
	}
	if d.More() {
		return engine.Mistake(engine.BadFile, "the body of the record goes on after its end")
	}
	if err := complete(body, reflect.TypeOf(b).Elem()); err != nil {
		return engine.Mistake(engine.BadFile, "the body of the record cannot be read: %v", err)
	}
	want := b.Tensors()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, ok := tensors[name]; !ok || !sized(got, want[name]) {
			return engine.Mistake(engine.BadFile, "the record's tensor %s has the sizes %v, its body says %v", name, got, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		if _, ok := want[name]; !ok {
			return engine.Mistake(engine.BadFile, "the record has a tensor %s that its body does not name", name)
		}
	}
	return nil
}

// complete reports fields that are always written and that an object lacks.
func complete(raw []byte, t reflect.Type) error {
	var got map[string]json.RawMessage
	if err := json.Unmarshal(raw, &got); err != nil {
		return err
	}
	if got == nil {
		return errors.New("it is null")
	}
	for _, f := range reflect.VisibleFields(t) {
		name, options, tagged := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !tagged && name == "" || strings.Contains(options, "omitempty") {
			continue
		}
		if _, ok := got[name]; !ok {
			return fmt.Errorf("%q is missing", name)
		}
	}
	return nil
}

func sized(got, want []int) bool {
	return slices.EqualFunc(got, want, func(g, w int) bool { return g == w || w < 0 })
}

// Tensors implements Body.
func (b *AttributeBody) Tensors() map[string][]int {
	T := len(b.Tokens)
	return map[string][]int{"scores": {b.Shape.Layers, T, b.Shape.Neurons}, "heads": {b.Shape.Layers, T, b.Shape.Heads}, "sources": {b.Shape.Layers, T, b.Shape.Heads}, "tokens": {T}}
}

// Tensors implements Body.
func (b *BaselineBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *BehaviorBody) Tensors() map[string][]int {
	out := map[string][]int{}
	for i, x := range b.Examples {
		T := len(x.Tokens)
		out[ScoresOfExample(i)], out[TokensOfExample(i)] = []int{x.Shape.Layers, T, x.Shape.Neurons}, []int{T}
		out[HeadsOfExample(i)], out[SourcesOfExample(i)] = []int{x.Shape.Layers, T, x.Shape.Heads}, []int{x.Shape.Layers, T, x.Shape.Heads}
	}
	return out
}

// Tensors implements Body.
func (b *ActivationsBody) Tensors() map[string][]int {
	out, l, T := map[string][]int{}, b.Hi-b.Lo+1, len(b.Tokens)
	if b.Count > 0 {
		T = 1 // means
	}
	for _, s := range b.Spaces {
		out[s.String()] = map[engine.Site][]int{
			engine.Residual: {l, T, b.Shape.Width}, engine.MLP: {l, T, b.Shape.Width}, engine.Neurons: {l, T, b.Shape.Neurons},
			engine.Attention: {l, b.Shape.Heads, T, T}, engine.Logits: {T, b.Shape.Vocab}, engine.Embedding: {T, b.Shape.Width},
		}[s]
	}
	return out
}

// Tensors implements Body.
func (b *ContrastBody) Tensors() map[string][]int {
	return map[string][]int{"scores": {b.Shape.Layers, b.Shape.Neurons}}
}

// Tensors implements Body.
func (b *ControlVectorBody) Tensors() map[string][]int {
	return map[string][]int{"vector": {b.Shape.Layers, b.Space.Width(b.Shape)}}
}

// Tensors implements Body.
func (b *DecomposeBody) Tensors() map[string][]int {
	return map[string][]int{"projections": {b.Shape.Layers, b.Shape.Neurons}}
}

// Tensors implements Body.
func (b *GenerateBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *GenerateEachBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *InfoBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *PredictBody) Tensors() map[string][]int { return map[string][]int{"logits": {-1}} }

// Tensors implements Body.
func (b *SweepBody) Tensors() map[string][]int {
	M, C, N := len(b.Multipliers), 1+b.Controls, len(b.Cases)
	out := map[string][]int{"difference": {M, C, N}, "target": {M, C, N}, "versus": {M, C, N}, "unsteered": {3, N}}
	if b.Prompted != "" {
		out["prompted"] = []int{3, N}
	}
	if b.Controls > 0 {
		out["controls"] = []int{b.Controls, len(b.Neurons), 2}
	}
	if len(b.Texts) > 0 {
		out["kl"], out["nll"] = []int{1 + M, len(b.Texts)}, []int{1 + M, len(b.Texts)}
	}
	return out
}

// Tensors implements Body.
func (b *TokensBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *TopActivationsBody) Tensors() map[string][]int {
	total := 0
	for _, ts := range b.Texts {
		total += len(ts)
	}
	return map[string][]int{"activations": {len(b.Neurons), total}}
}

// Tensors implements Body.
func (b *UnembedBody) Tensors() map[string][]int { return map[string][]int{"logits": {len(b.Top), -1}} }

// Tensors implements Body.
func (b *UniversalBody) Tensors() map[string][]int {
	return map[string][]int{"neurons": {b.Texts, b.Shape.Layers, b.Shape.Neurons}}
}

// Tensors implements Body.
func (b *LogitLensBody) Tensors() map[string][]int { return nil }

// Tensors implements Body.
func (b *WritesBody) Tensors() map[string][]int { return nil }
