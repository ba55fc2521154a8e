package engine

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// An editForm is what stages an edit has, a byte for each; "" is no edit. Graphs are made for a form; all else of an edit is
// their input.
type editForm string

// What a stage may have beside the fields that all have.
const (
	formOutMLP byte = 1 << iota
	formOutResidual
	formGate
	formPrompt              // the gate decides by prompt
	formSite    byte = 0x30 // where the gate reads
	formHeadAdd byte = 0x40
)

// gateSites are where gates read, as decoder has them.
var gateSites = map[decoder.ConditionSite]seam.Site{decoder.AtNeurons: seam.Neurons, decoder.AtMLP: seam.MLP, decoder.AtResidual: seam.Residual}

// siteOf returns where the gate of a stage reads.
func siteOf(form byte) seam.Site { return gateSites[conditionSite(form)] }

func conditionSite(form byte) decoder.ConditionSite {
	return decoder.ConditionSite(form & formSite >> 4)
}

// stageForm is the form of one stage.
func stageForm(e *seam.Edit) (form byte) {
	if e == nil {
		return 0
	}
	if e.OutMLP != nil {
		form |= formOutMLP
	}
	if e.OutResidual != nil {
		form |= formOutResidual
	}
	if e.HeadAdd != nil {
		form |= formHeadAdd
	}
	if e.Gate == nil {
		return form
	}
	form |= formGate
	if e.Gate.Prompt {
		form |= formPrompt
	}
	for at, site := range gateSites {
		if site == e.Gate.Site {
			form |= byte(at) << 4
		}
	}
	return form
}

// stageOf returns a stage of an edit; nil: it has none.
func stageOf(e *seam.Edit, stage int) *seam.Edit {
	for ; e != nil && stage > 0; stage-- {
		e = e.Next
	}
	return e
}

// formOf returns the form that all of the edits fit, whose gates are alike.
func formOf(parts []editRow) editForm {
	var all []byte
	for _, r := range parts {
		stage := 0
		for e := r.edit; e != nil; e = e.Next {
			if stage == len(all) {
				all = append(all, 0)
			}
			all[stage] |= stageForm(e)
			stage++
		}
	}
	return editForm(all)
}

// ownForm is the form of an edit.
func ownForm(e *seam.Edit) editForm { return formOf([]editRow{{edit: e}}) }

// sameGates deals edits out, by their places, into lists whose gates read the same in each stage, so that one form fits them.
func sameGates(edits []*seam.Edit) (lists [][]int) {
	var gates [][]byte // of each list
	for i, e := range edits {
		form := []byte(ownForm(e))
		fits := func(g []byte) bool {
			for k := range min(len(g), len(form)) {
				if g[k]&formGate != 0 && form[k]&formGate != 0 && (g[k]^form[k])&(formSite|formPrompt) != 0 {
					return false
				}
			}
			return true
		}
		at := 0
		for at < len(lists) && !fits(gates[at]) {
			at++
		}
		if at == len(lists) {
			lists, gates = append(lists, nil), append(gates, nil)
		}
		lists[at] = append(lists[at], i)
		for k, f := range form {
			if k == len(gates[at]) {
				gates[at] = append(gates[at], 0)
			}
			gates[at][k] |= f
		}
	}
	return lists
}

// has reports whether any stage has this.
func (f editForm) has(what byte) bool { return f.count(what) > 0 }

// count counts the stages that have this.
func (f editForm) count(what byte) (n int) {
	for _, b := range []byte(f) {
		if b&what != 0 {
			n++
		}
	}
	return n
}

// fields counts the inputs of a layer.
func (f editForm) fields() int {
	return 7*len(f) + f.count(formHeadAdd) + 2*(f.count(formOutMLP)+f.count(formOutResidual)+f.count(formGate))
}

// byPrompt reports whether a prompt's last position decides for all of it, so that prompts that begin alike need not be alike.
func byPrompt(e *seam.Edit) bool { return ownForm(e).has(formPrompt) }

// timesOf is what is taken out of an edit's directions.
func timesOf(e *seam.Edit) float32 {
	if e.Times == 0 {
		return 1
	}
	return e.Times
}

// gateNumbers are the directions and thresholds of a gate: +∞ where it decides nothing; nil of no gate.
func gateNumbers(c decoder.Config, g *seam.Gate, n int) (u, above []float32) { // [L,n], [L]
	if g == nil {
		return nil, nil
	}
	above = make([]float32, c.Layers)
	for l := range above {
		above[l] = float32(math.Inf(1))
		for _, x := range g.Directions[l*n:][:n] {
			if x != 0 {
				above[l] = g.Above
				break
			}
		}
	}
	return g.Directions, above
}

// checkCondition reports what is wrong with the directions and the gate of a stage.
func checkCondition(task string, c decoder.Config, e *seam.Edit) error {
	for name, all := range map[string][]float32{"OutMLP": e.OutMLP, "OutResidual": e.OutResidual} {
		for i := 0; i < len(all); i += c.Width {
			sum := 0.
			for _, x := range all[i:][:c.Width] {
				sum += float64(x) * float64(x)
			}
			if sum != 0 && math.Abs(sum-1) > 1e-4 {
				return seam.Errorf(seam.BadSetting, task, "a direction of the edit's %s has the length %.6g", name, math.Sqrt(sum)).
					Try("divide it by its length; a direction of zeros takes nothing out")
			}
		}
	}
	if x := float64(e.Times); math.IsNaN(x) || math.IsInf(x, 0) {
		return seam.Errorf(seam.NotFinite, task, "the edit's Times is %v", e.Times).Try("use a finite number")
	}
	g := e.Gate
	if g == nil {
		return nil
	}
	if g.Site != seam.Neurons && g.Site != seam.MLP && g.Site != seam.Residual {
		return seam.Errorf(seam.BadSetting, task, "a gate cannot read %q", g.Site).Try("use %q, %q or %q", seam.Residual, seam.MLP, seam.Neurons)
	}
	if want := c.Layers * g.Site.Width(seam.Shape{Width: c.Width, Neurons: c.Neurons}); len(g.Directions) != want {
		return seam.Errorf(seam.BadSetting, task, "the edit's gate has %d numbers, this model needs %d", len(g.Directions), want).
			Try("give a direction for each layer, zeros where it decides nothing")
	}
	if notFiniteAt(g.Directions) >= 0 || notFiniteAt([]float32{g.Above}) >= 0 {
		return seam.Errorf(seam.NotFinite, task, "the edit's gate has a number that is not finite").Try("use finite numbers")
	}
	return nil
}

// begin uploads what the gates are before they have decided anything, shut, and open where a row has none; and who decides by
// prompt. of is the part of each row.
func (ed *editor) begin(of []int, b batch) (all []*tensors.Tensor, err error) { // [R,G], [R]
	if !ed.form.has(formGate) {
		return nil, nil
	}
	var open []float32
	for _, part := range of {
		for stage, form := range []byte(ed.form) {
			if form&formGate == 0 {
				continue
			}
			x := float32(1)
			if e := stageOf(ed.parts[part].edit, stage); e != nil && e.Gate != nil {
				x = 0
			}
			open = append(open, x)
		}
	}
	t, err := upload(ed.s, open, len(of), len(open)/len(of))
	if all = append(all, t); err != nil || !ed.form.has(formPrompt) {
		return all, err
	}
	last := make([]int32, len(of))
	for _, rows := range b.rows {
		for _, r := range rows {
			last[r] = rows[len(rows)-1]
		}
	}
	t, err = upload(ed.s, last, len(last))
	return append(all, t), err
}

// formOf is the form of what is edited; "" of nothing.
func (ed *editor) formOf() editForm {
	if ed == nil {
		return ""
	}
	return ed.form
}

// opening is what the gates are before the first layer [R,G]; nil where there are none.
func (ed *editor) opening() *tensors.Tensor {
	if ed == nil || len(ed.gates) == 0 {
		return nil
	}
	return ed.gates[0]
}

// gatesAt are the inputs of a graph whose gates have decided this before it.
func (ed *editor) gatesAt(open *tensors.Tensor) []*tensors.Tensor {
	if open == nil {
		return nil
	}
	return append([]*tensors.Tensor{open}, ed.gates[1:]...)
}

// edits takes the edit of each layer from a graph's inputs.
func (f editForm) edits(layers int, take func(n int) []*graph.Node) []*decoder.Edit {
	all := make([]*decoder.Edit, layers)
	for i := range all {
		at := &all[i]
		for _, form := range []byte(f) {
			n := take(7)
			e := &decoder.Edit{Scale: n[0], Add: n[1], Lo: n[2], Hi: n[3], MLP: n[4], Residual: n[5], Heads: n[6]}
			if form&formHeadAdd != 0 {
				e.HeadAdd = take(1)[0]
			}
			out := func(what byte) *decoder.Projection {
				if form&what == 0 {
					return nil
				}
				n := take(2)
				return &decoder.Projection{Direction: n[0], Times: n[1]}
			}
			e.OutMLP, e.OutResidual = out(formOutMLP), out(formOutResidual)
			if form&formGate != 0 {
				n := take(2)
				e.Gate = &decoder.Condition{Site: conditionSite(form), Direction: n[0], Above: n[1]}
			}
			*at, at = e, &e.Next
		}
	}
	return all
}

// gates are what the gates of a graph have decided so far.
type gates struct {
	open []*graph.Node // of each gate [R,1]
	row  *graph.Node   // who decides by prompt [R]; nil: none does
}

// gates takes them from a graph's inputs.
func (f editForm) gates(take func(n int) []*graph.Node) (g gates) {
	if !f.has(formGate) {
		return g
	}
	all := take(1)[0] // [R,G]
	for i := range f.count(formGate) {
		g.open = append(g.open, graph.Slice(all, graph.AxisRange(), graph.AxisRange(i, i+1)))
	}
	if f.has(formPrompt) {
		g.row = take(1)[0]
	}
	return g
}

// enter gives an edit's gates what is decided before a layer.
func (g *gates) enter(e *decoder.Edit, f editForm) {
	i := 0
	for stage := 0; e != nil; e = e.Next {
		if e.Gate != nil {
			if e.Gate.Open = g.open[i]; f[stage]&formPrompt != 0 {
				e.Gate.Row = g.row
			}
			i++
		}
		stage++
	}
}

// leave takes from them what is decided after it.
func (g *gates) leave(e *decoder.Edit) {
	i := 0
	for ; e != nil; e = e.Next {
		if e.Gate != nil {
			g.open[i] = e.Gate.Open
			i++
		}
	}
}

// all is what they have decided [R,G]; nothing where there are none.
func (g *gates) all() []*graph.Node {
	if len(g.open) == 0 {
		return nil
	}
	return []*graph.Node{graph.Concatenate(g.open, 1)}
}
