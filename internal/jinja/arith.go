package jinja

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

var (
	errZero = errors.New("it divides by zero")
	errBig  = errors.New("a number has more than 64 bits")
)

// binary computes a op b as Python does.
func (m *machine) binary(op string, a, b any) (any, error) {
	if err := errors.Join(use(a), use(b)); err != nil {
		return nil, err
	}
	switch op {
	case "+":
		if v, ok, err := m.joined(a, b); ok || err != nil {
			return v, err
		}
	case "*":
		if v, ok, err := m.repeated(a, b); ok || err != nil {
			return v, err
		}
	case "%":
		if s, ok := a.(string); ok {
			return m.format(s, b)
		}
	}
	i, oki := whole(a)
	j, okj := whole(b)
	if oki && okj && op != "/" {
		return integers(op, i, j)
	}
	x, okx := number(a)
	y, oky := number(b)
	if !okx || !oky {
		return nil, fmt.Errorf("%s %s %s has no meaning", typeName(a), op, typeName(b))
	}
	return floats(op, x, y)
}

// joined adds texts and lists.
func (m *machine) joined(a, b any) (v any, ok bool, err error) {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			if err := m.build(len(x) + len(y)); err != nil {
				return nil, false, err
			}
			return x + y, true, nil
		}
	case *list:
		if y, ok := b.(*list); ok && x.tuple == y.tuple {
			if err := m.items(len(x.items) + len(y.items)); err != nil {
				return nil, false, err
			}
			return &list{append(slices.Clip(x.items), y.items...), x.tuple}, true, nil
		}
	}
	return nil, false, nil
}

// repeated multiplies a text or a list.
func (m *machine) repeated(a, b any) (v any, ok bool, err error) {
	if _, ok := whole(a); ok {
		a, b = b, a
	}
	n, ok := whole(b)
	if !ok {
		return nil, false, nil
	}
	n = max(n, 0)
	times := func(size int) error {
		if hi, lo := bits.Mul64(uint64(n), uint64(size)); hi > 0 || lo > maxBuilt {
			return errBound("it builds more than %d MiB", maxBuilt>>20)
		}
		return nil
	}
	switch x := a.(type) {
	case string:
		if err := times(len(x)); err != nil {
			return nil, false, err
		}
		if len(x) == 0 {
			return "", true, nil
		}
		if err := m.build(int(n) * len(x)); err != nil {
			return nil, false, err
		}
		return strings.Repeat(x, int(n)), true, nil
	case *list:
		if err := times(16 * len(x.items)); err != nil {
			return nil, false, err
		}
		if len(x.items) == 0 {
			return &list{nil, x.tuple}, true, nil
		}
		if err := m.items(int(n) * len(x.items)); err != nil {
			return nil, false, err
		}
		out := make([]any, 0, int(n)*len(x.items))
		for range n {
			out = append(out, x.items...)
		}
		return &list{out, x.tuple}, true, nil
	}
	return nil, false, nil
}

// integers computes with ints; what has more than 64 bits is an error.
func integers(op string, i, j int64) (any, error) {
	switch op {
	case "+":
		if s := i + j; (s > i) == (j > 0) {
			return s, nil
		}
	case "-":
		if s := i - j; (s < i) == (j > 0) {
			return s, nil
		}
	case "*":
		if p, ok := product(i, j); ok {
			return p, nil
		}
	case "//", "%":
		if j == 0 {
			return nil, errZero
		}
		if j == -1 { // the smallest number has no opposite
			if op == "%" {
				return int64(0), nil
			}
			return integers("-", 0, i)
		}
		q, r := i/j, i%j
		if r != 0 && (r < 0) != (j < 0) {
			q, r = q-1, r+j
		}
		if op == "%" {
			return r, nil
		}
		return q, nil
	case "**":
		if j < 0 {
			return floats(op, float64(i), float64(j))
		}
		p, ok := int64(1), true
		for base := i; j > 0 && ok; j >>= 1 {
			if j&1 == 1 {
				p, ok = product(p, base)
			}
			if j > 1 && ok {
				base, ok = product(base, base)
			}
		}
		if ok {
			return p, nil
		}
	}
	return nil, errBig
}

func product(i, j int64) (int64, bool) {
	if i == 0 || j == 0 {
		return 0, true
	}
	p := i * j
	return p, p/j == i && !(i == -1 && j == math.MinInt64) && !(j == -1 && i == math.MinInt64)
}

func floats(op string, x, y float64) (any, error) {
	switch op {
	case "+":
		return x + y, nil
	case "-":
		return x - y, nil
	case "*":
		return x * y, nil
	case "**":
		if x == 0 && y < 0 {
			return nil, errZero
		}
		if p := math.Pow(x, y); !math.IsNaN(p) && !math.IsInf(p, 0) {
			return p, nil
		}
		return nil, errBig
	}
	if y == 0 {
		return nil, errZero
	}
	switch op {
	case "/":
		return x / y, nil
	case "//":
		return math.Floor(x / y), nil
	}
	r := math.Mod(x, y)
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r, nil
}
