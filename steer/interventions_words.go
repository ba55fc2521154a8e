package steer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// String says in words what the intervention does: "praise ×0", "praise → mean of 20 texts", "cheer +2 at layers 5–8, where
// probe > 1.2". A circuit without a name is counted, or listed where it has three units or fewer. It computes what is lazy.
func (i Intervention) String() string {
	var b strings.Builder
	switch i.op {
	case "":
		return "nothing"
	case message.OpResidual:
		b.WriteString(i.vector.called() + " " + signedFactor(i.x) + i.vector.layersInWords())
	case message.OpProjectResidual:
		b.WriteString(takenOut(i.vector.called(), i.x) + i.vector.layersInWords())
	case message.OpValues:
		b.WriteString(i.circuit.called() + " → " + i.from.asValues(i.scope == message.PromptOnly))
	default:
		b.WriteString(unitsChanged(i.circuit.called(), i.op, i.x, i.lo, i.hi))
	}
	if i.positions {
		b.WriteString(" at its positions")
	}
	transplant := i.op == message.OpValues && i.scope == message.PromptOnly
	b.WriteString(heldTo(i.scope, i.skipBOS, transplant))
	if i.gate != nil {
		b.WriteString(", " + whereAbove(i.gate.probe.called(), i.gate.above, i.gate.prompt))
	}
	return b.String()
}

// described says the same of a message, which knows no names.
func described(m message.Intervention) string {
	var what string
	switch m.Op {
	case message.OpResidual, message.OpMLP, message.OpAddEach:
		what = "a vector added" + lengthOf(m.Values)
	case message.OpProjectResidual, message.OpProjectMLP:
		what = takenOut("a direction", m.X)
	case message.OpValues:
		to := "given values"
		if m.Rows > 1 {
			to = "given values, position by position"
		}
		what = unitList(m.Neurons) + " → " + to
	default:
		lo, hi := math.Inf(-1), math.Inf(1)
		if m.Lo != nil {
			lo = *m.Lo
		}
		if m.Hi != nil {
			hi = *m.Hi
		}
		what = unitsChanged(unitList(m.Neurons), m.Op, m.X, lo, hi)
	}
	if m.Positions != nil {
		what += " at its positions"
	}
	what += heldTo(m.Scope, m.SkipBOS, m.Op == message.OpValues && m.Rows > 1)
	if g := m.Gate; g != nil {
		what += ", " + whereAbove("a probe", g.Above, g.Prompt)
	}
	return what
}

// unitsChanged says what becomes of the activations of units.
func unitsChanged(who, op string, x, lo, hi float64) string {
	switch op {
	case message.OpScale:
		return who + " " + multiplier(x)
	case message.OpSet:
		return who + " = " + plainNumber(x)
	case message.OpAdd:
		return who + " " + signedFactor(x)
	case message.OpClamp:
		switch {
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			return who + " as they are"
		case math.IsInf(lo, -1):
			return who + " at most " + plainNumber(hi)
		case math.IsInf(hi, 1):
			return who + " at least " + plainNumber(lo)
		}
		return who + " kept from " + plainNumber(lo) + " to " + plainNumber(hi)
	}
	return who + " " + op
}

// takenOut says how much of a direction is taken out.
func takenOut(who string, x float64) string {
	switch x {
	case 1:
		return who + " taken out"
	case 2:
		return who + " mirrored"
	}
	return plainNumber(x) + " of " + who + " taken out"
}

// heldTo says which tokens an intervention acts on; prompt is left out of one that can act on nothing else.
func heldTo(scope string, skipBOS, onPrompt bool) (s string) {
	switch {
	case scope == message.PromptOnly && !onPrompt:
		s = ", in the prompt only"
	case scope == message.GeneratedOnly:
		s = ", in the new text only"
	}
	if skipBOS {
		s += ", not at BOS"
	}
	return s
}

func whereAbove(probe string, above float64, prompt bool) string {
	if math.IsNaN(above) {
		return "by the prompt, above no number"
	}
	if prompt {
		return fmt.Sprintf("if the prompt ends with %s > %s", probe, plainNumber(above))
	}
	return fmt.Sprintf("where %s > %s", probe, plainNumber(above))
}

// called is the circuit's name, or what it is made of.
func (c Circuit) called() string {
	if c.name != "" {
		return c.name
	}
	return unitList(c.Neurons())
}

// unitList names up to three units and counts more.
func unitList(ns []Neuron) string {
	if len(ns) == 0 {
		return "no neuron"
	}
	if len(ns) > 3 {
		return units(ns)
	}
	names := make([]string, len(ns))
	for i, n := range ns {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

func (v Vector) called() string {
	if v.name != "" {
		return v.name
	}
	return "a vector"
}

// layersInWords says at which layers the vector is not zero; nothing where it is so at all of them.
func (v Vector) layersInWords() string {
	d := v.data()
	if len(d.rows) == 0 || d.shape.Layers == 0 {
		return ""
	}
	var at []int
	for l := range d.shape.Layers {
		if d.has[l] && slices.ContainsFunc(d.row(l), func(x float32) bool { return x != 0 }) {
			at = append(at, l)
		}
	}
	return atLayers(at, d.shape.Layers)
}

// lengthOf says how long a message's vector is; its request holds no sizes, so its layers are not told.
func lengthOf(values []float32) string {
	return fmt.Sprintf(", of length %.3g over all layers", message.Norm(values))
}

// atLayers writes layers as ranges: " at layer 4", " at layers 2, 5–8".
func atLayers(at []int, of int) string {
	switch len(at) {
	case 0:
		return " at no layer"
	case of:
		return " at every layer"
	case 1:
		return fmt.Sprintf(" at layer %d", at[0])
	}
	var parts []string
	for i := 0; i < len(at); {
		j := i
		for j+1 < len(at) && at[j+1] == at[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(at[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d–%d", at[i], at[j]))
		}
		i = j + 1
	}
	return " at layers " + strings.Join(parts, ", ")
}

// asValues says what neurons are set to.
func (a Activations) asValues(transplant bool) string {
	b := a.body()
	if transplant {
		return fmt.Sprintf("as in “%s”", strings.Join(engine.Texts(withoutMarkers(b.Tokens)), ""))
	}
	if b.Count > 0 {
		return fmt.Sprintf("mean of %s", several(b.Texts, "text"))
	}
	return "given values"
}

// withoutMarkers leaves out the markers before a text.
func withoutMarkers(ts []Token) []Token {
	for len(ts) > 1 && ts[0].Special {
		ts = ts[1:]
	}
	return ts
}

// multiplier prints a factor: ×0, ×−5.
func multiplier(x float64) string { return "×" + plainNumber(x) }

// signedFactor prints what is added, with its sign: +2, −0.5.
func signedFactor(x float64) string {
	if x < 0 || (x == 0 && math.Signbit(x)) {
		return plainNumber(x)
	}
	return "+" + plainNumber(x)
}

// plainNumber prints a number in few digits, with a real minus.
func plainNumber(x float64) string { return strings.ReplaceAll(fmt.Sprintf("%.6g", x), "-", "−") }

// conditions are the interventions that a result was computed under: those of the task, which know the names of circuits and
// vectors, or where the result comes from a record alone those that its request holds.
type conditions struct {
	given  []Intervention
	header func() Header
}

// under returns the conditions of a task's result.
func under(is []Intervention, header func() Header) conditions { return conditions{is, header} }

// Interventions says in words what the model was run under: "praise ×0; cheer +2 at layers 5–8". It is empty where nothing was
// changed.
func (c conditions) Interventions() string {
	var words []string
	for _, i := range c.given {
		words = append(words, i.String())
	}
	if len(words) == 0 && c.header != nil {
		var s struct {
			Edits    []message.Intervention `json:"edits"`
			Behavior struct {
				Edits []message.Intervention `json:"edits"`
			} `json:"behavior"`
		}
		if json.Unmarshal(c.header().Request.Settings, &s) == nil {
			for _, m := range append(s.Edits, s.Behavior.Edits...) {
				words = append(words, described(m))
			}
		}
	}
	return strings.Join(words, "; ")
}
