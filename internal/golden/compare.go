package golden

import (
	"fmt"
	"math"
	"slices"
)

// tolerance returns a bound that the file states. A bound that it does not state is NaN, which nothing meets.
func (c *check) tolerance(key string) float64 {
	n := c.doc.root.get("tolerance").get(key)
	if !n.exists() {
		c.doc.faults = append(c.doc.faults, fault{n.name(), fmt.Errorf("%s states no such tolerance", c.doc.name)})
		return math.NaN()
	}
	return n.num()
}

// mark notes that sources were compared.
func mark(sources ...*source) {
	for _, s := range sources {
		if s != nil {
			s.compared = true
		}
	}
}

// fits reports an error or another shape of a result as a miss.
func (c *check) fits(quantity string, want, got array) bool {
	mark(want.src)
	err := want.err
	if err == nil {
		err = got.err
	}
	if err == nil && (!slices.Equal(got.shape, want.shape) || len(got.data) != len(want.data)) {
		err = fmt.Errorf("the shape is %v, it should be %v", got.shape, want.shape)
	}
	if err != nil {
		c.rep.failure(c.label, quantity, err)
	}
	return err == nil
}

// abs compares two arrays by their largest difference.
func (c *check) abs(quantity string, want, got array, tol float64) {
	if c.fits(quantity, want, got) {
		c.rep.difference(c.label, quantity, largestDifference(got.data, want.data), tol)
	}
}

// relative compares two arrays by their largest difference over the largest number of the file's.
func (c *check) relative(quantity string, want, got array, tol float64) {
	if c.fits(quantity, want, got) {
		c.rep.difference(c.label, quantity+", relative", ratio(largestDifference(got.data, want.data), largest(want.data)), tol)
	}
}

// relL2 compares two arrays by ‖got − want‖ / ‖want‖.
func (c *check) relL2(quantity string, want, got array, tol float64) {
	if c.fits(quantity, want, got) {
		c.rep.difference(c.label, quantity+", rel. L2", relativeL2(got.data, want.data), tol)
	}
}

// number compares a number of the manifest. scale is what the difference is divided by.
func (c *check) number(quantity string, want node, got, scale, tol float64, err error) {
	mark(want.source())
	if err != nil {
		c.rep.failure(c.label, quantity, err)
		return
	}
	c.rep.difference(c.label, quantity, ratio(math.Abs(got-want.num()), scale), tol)
}

// same compares what is exact: ids, pieces, texts.
func same[T comparable](c *check, quantity string, src *source, want, got []T, err error) {
	mark(src)
	if err != nil {
		c.rep.failure(c.label, quantity, err)
		return
	}
	c.rep.exact(c.label, quantity, slices.Equal(got, want), parts(want, got))
}

// parts says where two lists part.
func parts[T comparable](want, got []T) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("at %d: %s, it should be %s", i, quoted(got[i]), quoted(want[i]))
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("there are %d, it should be %d", len(got), len(want))
	}
	return ""
}

func quoted(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}

// ratio divides; nothing over nothing is no difference.
func ratio(diff, scale float64) float64 {
	if diff == 0 && scale == 0 {
		return 0
	}
	return diff / scale
}

// largestDifference returns max |a−b|, NaN where either holds one.
func largestDifference(a, b []float32) float64 {
	var m float64
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(d) {
			return d
		}
		m = max(m, d)
	}
	return m
}

func largest(a []float32) float64 {
	var m float64
	for _, v := range a {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}

func relativeL2(got, want []float32) float64 {
	var d, n float64
	for i := range want {
		x := float64(got[i]) - float64(want[i])
		d += x * x
		n += float64(want[i]) * float64(want[i])
	}
	return ratio(math.Sqrt(d), math.Sqrt(n))
}
