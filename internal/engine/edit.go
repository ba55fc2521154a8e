package engine

import (
	"math"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// editFields is how many arrays an edit has.
const editFields = 7

// editField is one array of an edit.
type editField struct {
	name    string
	data    []float32 // [B,L,T,n], or nil
	n       int       // F, D or H
	axis    string    // "F", "D" or "H"
	neutral float32   // what leaves everything as it is, bit for bit: −0 is what leaves even the sign of a zero alone
}

// fieldsOf returns the arrays of an edit in the order of decoder.Edit; those of no edit are all nil.
func fieldsOf(c decoder.Config, e *seam.Edit) [editFields]editField {
	if e == nil {
		e = &seam.Edit{}
	}
	inf, zero := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	return [editFields]editField{{"Scale", e.Scale, c.Neurons, "F", 1}, {"Add", e.Add, c.Neurons, "F", zero}, {"Lo", e.Lo, c.Neurons, "F", -inf},
		{"Hi", e.Hi, c.Neurons, "F", inf}, {"MLP", e.MLP, c.Width, "D", zero}, {"Residual", e.Residual, c.Width, "D", zero},
		{"Heads", e.Heads, c.Heads, "H", 1}}
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
	for _, f := range fieldsOf(c, e) {
		if f.data == nil {
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
	if e.Lo != nil && e.Hi != nil {
		for i, lo := range e.Lo {
			if lo > e.Hi[i] {
				return seam.Errorf(seam.BadSetting, task, "the edit clamps neuron %d of layer %d between %v and %v", i%c.Neurons,
					i/(e.T*c.Neurons)%c.Layers, lo, e.Hi[i]).Try("give the lower bound first")
			}
		}
	}
	return nil
}

// lowest returns the first layer in which an edit that was checked changes anything, and L where it changes nothing.
func lowest(c decoder.Config, e *seam.Edit) int {
	if e == nil {
		return c.Layers
	}
	for l := range c.Layers {
		for _, f := range fieldsOf(c, e) {
			if f.data == nil {
				continue
			}
			for b := range e.B {
				for _, v := range f.data[(b*c.Layers+l)*e.T*f.n:][:e.T*f.n] {
					if v != f.neutral {
						return l
					}
				}
			}
		}
	}
	return c.Layers
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
	parts   []editRow       // the different ones
	t       int             // positions of each part: T' is 1 or the batch's T
	rows    *tensors.Tensor // the part of each row [R]; nil where there is one, or one for each row in order
	neutral [editFields]*tensors.Tensor
	data    []float32 // of a field on its way to the device
}

// editor returns nil where no prompt of the batch has an edit. of holds none, one for all prompts, or one for each.
func (s *scope) editor(of []editRow, b batch) (*editor, error) {
	ed := &editor{s: s, t: 1}
	none, number := true, map[editRow]int{}
	for _, r := range of {
		if r.edit != nil {
			none = false
			if r.edit.T > 1 {
				ed.t = b.t
			}
		}
		if _, ok := number[r]; !ok {
			number[r] = len(ed.parts)
			ed.parts = append(ed.parts, r)
		}
	}
	if none {
		return nil, nil //nolint:nilnil // there is no edit
	}
	index, inOrder := make([]int32, b.r()), true
	for row, prompt := range b.owners() {
		part := 0
		if len(of) > 1 {
			part = number[of[prompt]]
		}
		index[row] = int32(part * ed.t)
		if ed.t > 1 {
			index[row] += int32(b.at[row])
		}
		inOrder = inOrder && int(index[row]) == row
	}
	if n := len(ed.parts) * ed.t; n == 1 || inOrder && n == b.r() {
		return ed, nil
	}
	var err error
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
		for f := range editFields {
			t, shared, err := ed.field(l, f)
			if err != nil {
				return nil, nil, err
			}
			all = append(all, t)
			if !shared {
				own = append(own, t)
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
	for _, t := range append(ed.neutral[:], ed.rows) {
		ed.s.free(t)
	}
}

// field uploads one field of one layer.
func (ed *editor) field(layer, f int) (t *tensors.Tensor, shared bool, err error) {
	c, fields := ed.s.e.cfg, make([]editField, len(ed.parts))
	shared = true
	for i, r := range ed.parts {
		fields[i] = fieldsOf(c, r.edit)[f]
		shared = shared && fields[i].data == nil
	}
	if shared && ed.neutral[f] != nil {
		return ed.neutral[f], true, nil
	}
	n := fields[0].n
	data := ed.data[:0]
	for i, r := range ed.parts {
		x := fields[i]
		if x.data == nil {
			for range ed.t * n {
				data = append(data, x.neutral)
			}
			continue
		}
		from := x.data[(r.prompt*c.Layers+layer)*r.edit.T*n:]
		for p := range ed.t {
			data = append(data, from[min(p, r.edit.T-1)*n:][:n]...)
		}
	}
	ed.data = data
	if t, err = upload(ed.s, data, len(ed.parts)*ed.t, n); err == nil && shared {
		ed.neutral[f] = t
	}
	return t, shared, err
}
