package steer

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Add returns v + w, layer by layer; a layer that one of them lacks counts as zero.
func (v Vector) Add(w Vector) Vector { return v.combine(w, "+", 1) }

// Sub returns v − w. v.Sub(v) added to a model changes nothing.
func (v Vector) Sub(w Vector) Vector { return v.combine(w, "−", -1) }

func (v Vector) combine(w Vector, sign string, x float64) Vector {
	name := fmt.Sprintf("%s %s %s", v.name, sign, w.name)
	return v.derive(name, func(a vectorData) vectorData {
		b := w.data()
		if err := a.fits(b, sign); err != nil {
			a.err = err
			return a
		}
		a = a.clone()
		for i, y := range b.rows {
			a.rows[i] = float32(float64(a.rows[i]) + x*float64(y))
		}
		for l, h := range b.has {
			a.has[l] = a.has[l] || h
		}
		return a.joined(b, fmt.Sprintf("(%s) %s (%s)", a.about, sign, b.about))
	})
}

// Scale returns x·v.
func (v Vector) Scale(x float64) Vector {
	return v.derive(fmt.Sprintf("%g·%s", x, v.name), func(a vectorData) vectorData {
		a = a.clone()
		for i, y := range a.rows {
			a.rows[i] = float32(x * float64(y))
		}
		if i := message.FirstNotFinite(a.rows); i >= 0 {
			a.err = engine.Errorf(engine.BadSetting, "vector", "Scale(%v) makes number %d of layer %d %v", x, i%a.space.Width(a.shape), i/a.space.Width(a.shape), a.rows[i]).
				Try("use a finite number, e.g. Scale(2)")
		}
		a.slopes, a.about = nil, fmt.Sprintf("%g·(%s)", x, a.about) // another multiplier is another range of responses
		return a
	})
}

// Normalize returns v with every layer at Euclidean norm 1; a layer that is zero stays so.
func (v Vector) Normalize() Vector {
	return v.derive(v.name+", normalized", func(a vectorData) vectorData {
		a = a.clone()
		for l := range a.has {
			row := a.row(l)
			if n := message.Norm(row); n > 0 {
				for i, y := range row {
					row[i] = float32(float64(y) / n)
				}
			}
		}
		a.slopes, a.about = nil, a.about+", normalized"
		return a
	})
}

// Without returns v with the direction of w projected out in each layer: v − w·⟨v,w⟩/⟨w,w⟩. What is left is orthogonal to
// w, but for rounding.
func (v Vector) Without(w Vector) Vector {
	return v.derive(fmt.Sprintf("%s without %s", v.name, w.name), func(a vectorData) vectorData {
		b := w.data()
		if err := a.fits(b, "Without"); err != nil {
			a.err = err
			return a
		}
		a = a.clone()
		for l := range a.has {
			x, y := a.row(l), b.row(l)
			n := message.Inner(y, y)
			if n == 0 {
				continue
			}
			k := message.Inner(x, y) / n
			for i := range x {
				x[i] = float32(float64(x[i]) - k*float64(y[i]))
			}
		}
		return a.joined(b, fmt.Sprintf("(%s) without (%s)", a.about, b.about))
	})
}

// Layers returns v in layers lo to hi alone, both included; negative ones count from the end, −1 being the last. Before the first and
// after the last layer that v was taken at it says nothing, so that layers there are a mistake, but for −1 as the end; NewVector
// gives one elsewhere.
func (v Vector) Layers(lo, hi int) Vector {
	return v.derive(v.name, func(a vectorData) vectorData {
		a = a.clone()
		left, first, last := false, fromEnd(lo, len(a.has)), fromEnd(hi, len(a.has))
		if from, to := slices.Index(a.has, true), len(a.has)-1; from >= 0 {
			for !a.has[to] {
				to--
			}
			if first <= last && (first >= 0 && first < from || last < len(a.has) && last > to && hi != -1) {
				a.err = engine.Errorf(engine.BadSetting, "vector", "Layers(%d, %d) of the vector %q, which was taken at layers %d to %d (%s)", lo, hi, v.name, from, to, a.space).
					Try("use Layers(%d, %d); to act in another layer all the same, give its direction: steer.NewVector(%q, v.Space(), v.Shape(), map[int][]float32{%d: v.Layer(%d)})", from, to, v.name, max(first, 0), from)
				return a
			}
		}
		for l := range a.has {
			if l < first || l > last {
				a.has[l] = false
				clear(a.row(l))
			}
			left = left || a.has[l]
		}
		if !left {
			a.err = engine.Errorf(engine.BadSetting, "vector", "Layers(%d, %d) leaves no layer of the vector %q", lo, hi, v.name).
				Try("the model has layers 0 to %d", a.shape.Layers-1)
		}
		return a
	})
}

// fits reports why two vectors cannot be combined.
func (d vectorData) fits(e vectorData, what string) error {
	if d.err != nil || e.err != nil {
		return firstError(d.err, e.err)
	}
	if len(e.rows) == 0 { // of an empty d nothing is derived
		return engine.Errorf(engine.BadSetting, "vector", "%s of an empty vector", what).Try("use vectors that m.ControlVector made")
	}
	if d.space != e.space {
		return engine.Errorf(engine.BadSetting, "vector", "%s of a vector of %s and one of %s", what, d.space, e.space).Try("take both From the same space")
	}
	if d.shape.Layers != e.shape.Layers || len(d.rows) != len(e.rows) || (d.model() != "" && e.model() != "" && d.model() != e.model()) {
		return engine.Errorf(engine.ModelMismatch, "vector", "%s of vectors of two models", what).Try("take both from the same model")
	}
	return nil
}

// firstError returns the first of two errors that is one.
func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// joined notes that e went into d too.
func (d vectorData) joined(e vectorData, about string) vectorData {
	d.about, d.agreement, d.heldOut, d.slopes = about, nil, nil, nil // of other pairs
	if d.taken != e.taken {
		d.taken = ""
	}
	if e.n > 0 && (d.n == 0 || e.n < d.n) {
		d.n = e.n // as good as the weaker one
	}
	d.from = append(slices.Clip(d.from), e.from...)
	for _, w := range e.warnings {
		d = d.warn(w)
	}
	return d
}

// warn adds a warning that is not there yet.
func (d vectorData) warn(w Warning) vectorData {
	if slices.Contains(d.warnings, w) {
		return d
	}
	d.warnings = append(slices.Clip(d.warnings), w)
	return d
}

// times returns x·rows as a request holds it; ok is false where a number leaves the range of 32 bits.
func (d vectorData) times(x float64) (out message.Numbers, ok bool) {
	out = make(message.Numbers, len(d.rows))
	for i, y := range d.rows {
		out[i] = float32(float64(y) * x)
		if math.IsInf(float64(out[i]), 0) {
			return nil, false
		}
	}
	return out, true
}
