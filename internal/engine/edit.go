package engine

import (
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// editField is one array of a stage of an edit.
type editField struct {
	name    string
	data    []float32 // [B,L,T,n], or nil
	n       int       // F, D, H, H·C or 1
	axis    string    // "F", "D", "H", "H·C" or "1"
	neutral float32   // what leaves everything as it is, bit for bit: −0 is what leaves even the sign of a zero alone
	fixed   bool      // data is [L,n], the same for every prompt and position
	puts    []seam.Put
	put     func(p seam.Put) (x float32, ok bool) // what a put makes of it, if it is of this field
}

// fieldsOf returns the arrays of a stage of an edit in the order of decoder.Edit, as many as its form has; those of no edit are
// all nil.
func fieldsOf(c decoder.Config, e *seam.Edit, form byte) []editField {
	if e == nil {
		e = &seam.Edit{}
	}
	inf, zero := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	neuron := func(name string, data []float32, neutral float32, put func(x float32) float32) editField {
		return editField{name, data, c.Neurons, "F", neutral, false, e.Puts, func(p seam.Put) (float32, bool) { return put(p.Value), !p.Head }}
	}
	vector := func(name string, data []float32) editField {
		return editField{name: name, data: data, n: c.Width, axis: "D", neutral: zero}
	}
	always := func(x float32) func(float32) float32 { return func(float32) float32 { return x } }
	all := append(make([]editField, 0, 14), neuron("Scale", e.Scale, 1, always(0)), neuron("Add", e.Add, zero, func(x float32) float32 { return x }),
		neuron("Lo", e.Lo, -inf, always(-inf)), neuron("Hi", e.Hi, inf, always(inf)), vector("MLP", e.MLP), vector("Residual", e.Residual),
		editField{"Heads", e.Heads, c.Heads, "H", 1, false, e.Puts, func(p seam.Put) (float32, bool) { return p.Value, p.Head }})
	if form&formHeadAdd != 0 {
		all = append(all, editField{name: "HeadAdd", data: e.HeadAdd, n: c.Heads * c.HeadDim, axis: "H·C", neutral: zero})
	}
	out := func(name string, u []float32) {
		var times []float32
		if u != nil {
			times = slices.Repeat([]float32{timesOf(e)}, c.Layers)
		}
		all = append(all, editField{name: name, data: u, n: c.Width, axis: "D"}, editField{name: "Times", data: times, n: 1, axis: "1", fixed: true})
	}
	if form&formOutMLP != 0 {
		out("OutMLP", e.OutMLP)
	}
	if form&formOutResidual != 0 {
		out("OutResidual", e.OutResidual)
	}
	if form&formGate != 0 {
		n := seam.Site.Width(siteOf(form), seam.Shape{Width: c.Width, Neurons: c.Neurons})
		u, above := gateNumbers(c, e.Gate, n)
		all = append(all, editField{name: "Gate", data: u, n: n, axis: "n", fixed: true}, editField{name: "Above", data: above, n: 1, axis: "1", neutral: inf, fixed: true})
	}
	return all
}

// checkEdit reports what keeps an edit from fitting b prompts of t positions.
func checkEdit(task string, c decoder.Config, e *seam.Edit, b, t int) error {
	if e == nil {
		return nil
	}
	if e.B != 1 && e.B != b || e.T != 1 && e.T < t {
		return seam.Errorf(seam.BadSetting, task, "the edit is for %d prompts of %d positions, the batch has %d of %d", e.B, e.T, b, t).
			Try("make the edit's B 1 or %d, and its T 1 or at least %d", b, t)
	}
	if e.T > c.Positions { // nor can the products below wrap around
		return seam.Errorf(seam.BadSetting, task, "the edit is for %d positions, the model reads %d", e.T, c.Positions).Try("make its T 1 or %d", t)
	}
	for stage := e; stage != nil; stage = stage.Next {
		if err := checkStage(task, c, e, stage); err != nil {
			return err
		}
	}
	return nil
}

// checkBack reports what of an edit no backward pass knows.
func checkBack(task string, e *seam.Edit) error {
	if ownForm(e).has(formHeadAdd) {
		return seam.Errorf(seam.BadSetting, task, "the edit sets heads to values, which is not attributed through").Try("scale the heads, or leave them out")
	}
	return nil
}

// checkStage reports what is wrong with a stage of an edit.
func checkStage(task string, c decoder.Config, e, stage *seam.Edit) error {
	if stage.B != e.B || stage.T != e.T {
		return seam.Errorf(seam.BadSetting, task, "a stage of the edit is for %d prompts of %d positions, the first for %d of %d", stage.B, stage.T, e.B, e.T).
			Try("give all stages the same B and T")
	}
	for _, f := range fieldsOf(c, stage, stageForm(stage)&^formGate) {
		if f.data == nil || f.fixed {
			continue
		}
		if want := e.B * c.Layers * e.T * f.n; len(f.data) != want {
			return seam.Errorf(seam.BadSetting, task, "the edit's %s has %d numbers, not B·L·T·%s = %d·%d·%d·%d = %d",
				f.name, len(f.data), f.axis, e.B, c.Layers, e.T, f.n, want).Try("leave it nil or give all")
		}
		bound := f.name == "Lo" || f.name == "Hi"
		for i, v := range f.data {
			if x := float64(v); math.IsNaN(x) || !bound && math.IsInf(x, 0) {
				return seam.Errorf(seam.NotFinite, task, "the edit's %s is %v at %d of layer %d", f.name, v, i%f.n, i/(e.T*f.n)%c.Layers).
					Try("use a finite number")
			}
		}
	}
	if stage.Lo != nil && stage.Hi != nil {
		for i, lo := range stage.Lo {
			if lo > stage.Hi[i] {
				return seam.Errorf(seam.BadSetting, task, "the edit clamps neuron %d of layer %d between %v and %v", i%c.Neurons,
					i/(e.T*c.Neurons)%c.Layers, lo, stage.Hi[i]).Try("give the lower bound first")
			}
		}
	}
	for _, p := range stage.Puts {
		if err := checkPut(task, c, e, p); err != nil {
			return err
		}
	}
	return checkCondition(task, c, stage)
}

// editRow says which edit, and which prompt's part of it, a row of the axis B' takes.
type editRow struct {
	edit   *seam.Edit // nil: none
	prompt int
}

// rowsOf returns the rows of one edit: as many as its B.
func rowsOf(e *seam.Edit) []editRow {
	if e == nil {
		return nil
	}
	rows := make([]editRow, e.B)
	for b := range rows {
		rows[b] = editRow{e, b}
	}
	return rows
}

// editor uploads the edit of a batch when a group of layers needs it, as tensors [R',F], [R',D] and [R',H] of each layer, R' being
// how many different parts of edits the rows of the batch take: one, or for each prompt or position that has its own. A field
// that is nil in all of them shares one neutral tensor among the layers, of the same shape, so that no combination of fields
// compiles anything new.
type editor struct {
	s       *scope
	form    editForm
	parts   []editRow         // the different ones
	t       int               // positions of each part: T' is 1 or the batch's T
	rows    *tensors.Tensor   // the part of each row [R]; nil where there is one, or one for each row in order
	neutral []*tensors.Tensor // of each field of each stage
	gates   []*tensors.Tensor // what the gates have decided before the first layer [R,G]; and by prompt who decides for each row [R]
	data    []float32         // of a field on its way to the device
}

// editor returns nil where no prompt of the batch has an edit. of holds none, one for all prompts, or one for each.
func (s *scope) editor(of []editRow, b batch) (*editor, error) {
	ed := &editor{s: s, t: 1}
	number := map[editRow]int{}
	for _, r := range of {
		if r.edit != nil && r.edit.T > 1 {
			ed.t = b.t
		}
		if _, ok := number[r]; !ok {
			number[r] = len(ed.parts)
			ed.parts = append(ed.parts, r)
		}
	}
	if ed.form = formOf(ed.parts); ed.form == "" {
		return nil, nil //nolint:nilnil // there is no edit
	}
	ed.neutral = make([]*tensors.Tensor, ed.form.fields())
	index, inOrder := make([]int32, b.r()), true
	owners := make([]int, b.r()) // the part that each row takes
	for row, prompt := range b.owners() {
		if len(of) > 1 {
			owners[row] = number[of[prompt]]
		}
		index[row] = int32(owners[row] * ed.t)
		if ed.t > 1 {
			index[row] += int32(b.at[row])
		}
		inOrder = inOrder && int(index[row]) == row
	}
	var err error
	if ed.gates, err = ed.begin(owners, b); err != nil {
		return nil, err
	}
	if n := len(ed.parts) * ed.t; n == 1 || inOrder && n == b.r() {
		return ed, nil
	}
	ed.rows, err = upload(s, index, len(index))
	return ed, err
}

// layers uploads what layers [from, to) need, flat. The tensors are the scope's; those that own lists are of no further
// use once the layers are run.
func (ed *editor) layers(from, to int) (all, own []*tensors.Tensor, err error) {
	if ed == nil {
		return nil, nil, nil
	}
	if ed.rows != nil {
		all = append(all, ed.rows)
	}
	for l := from; l < to; l++ {
		f := 0
		for stage, form := range []byte(ed.form) {
			fields := make([][]editField, len(ed.parts)) // of each part
			for i, r := range ed.parts {
				fields[i] = fieldsOf(ed.s.e.cfg, stageOf(r.edit, stage), form)
			}
			for k := range fields[0] {
				t, shared, err := ed.field(l, f, func(part int) editField { return fields[part][k] })
				if err != nil {
					return nil, nil, err
				}
				all = append(all, t)
				if f++; !shared {
					own = append(own, t)
				}
			}
		}
	}
	return all, own, nil
}

// free ends what the layers share.
func (ed *editor) free() {
	if ed == nil {
		return
	}
	for _, t := range append(append(slices.Clip(ed.neutral), ed.gates...), ed.rows) {
		ed.s.free(t)
	}
}

// field uploads the f-th field of one layer.
func (ed *editor) field(layer, f int, of func(part int) editField) (t *tensors.Tensor, shared bool, err error) {
	c := ed.s.e.cfg
	shared = true
	for i := range ed.parts {
		shared = shared && of(i).data == nil && !of(i).isPut(layer)
	}
	if shared && ed.neutral[f] != nil {
		return ed.neutral[f], true, nil
	}
	n := of(0).n
	data := ed.data[:0]
	for i, r := range ed.parts {
		x := of(i)
		if x.data == nil {
			for range ed.t * n {
				data = append(data, x.neutral)
			}
			x.into(data[i*ed.t*n:], layer, ed.t, r.edit)
			continue
		}
		prompt, positions := r.prompt, 1
		if x.fixed {
			prompt = 0
		} else {
			positions = r.edit.T
		}
		from := x.data[(prompt*c.Layers+layer)*positions*n:]
		for p := range ed.t {
			data = append(data, from[min(p, positions-1)*n:][:n]...)
		}
		x.into(data[i*ed.t*n:], layer, ed.t, r.edit)
	}
	ed.data = data
	if t, err = upload(ed.s, data, len(ed.parts)*ed.t, n); err == nil && shared {
		ed.neutral[f] = t
	}
	return t, shared, err
}
