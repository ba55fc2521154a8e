package journal

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// A Tolerance says how far two numbers may be apart: Relative of the root mean square of their field, or Absolute.
type Tolerance struct{ Relative, Absolute float64 }

// Usual is the tolerance of numbers that another machine computes from the same weights in float32.
var Usual = Tolerance{Relative: 1e-4, Absolute: 1e-5}

// Compare returns a line for each field in which two summaries of one request differ, and the largest distance of all
// numbers as a share of the tolerance.
func (s Summary) Compare(again Summary, tol Tolerance) (differ []string, worst float64) {
	paths := maps.Clone(s)
	maps.Copy(paths, again)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		a, ok := s[path]
		b, too := again[path]
		if !ok || !too {
			differ = append(differ, fmt.Sprintf("%s is %s", name(path), map[bool]string{true: "gone", false: "new"}[ok]))
			continue
		}
		what, far := a.compare(b, tol)
		worst = max(worst, far)
		if what != "" {
			differ = append(differ, name(path)+" "+what)
		}
	}
	return differ, worst
}

func name(path string) string {
	if tensor, ok := strings.CutPrefix(path, "#"); ok {
		return "the tensor " + tensor
	}
	return path
}

// compare says how b differs from f, or "", and how far their numbers are apart as a share of the tolerance.
func (f Field) compare(b Field, tol Tolerance) (what string, far float64) {
	switch {
	case f.N != b.N:
		return fmt.Sprintf("has %d numbers, recorded %d", b.N, f.N), 0
	case f.Same != b.Same && f.Same != "" && b.Same != "":
		if f.N > 0 && f.N <= fewest {
			return fmt.Sprintf("is %v, recorded %v", list(b.Values), list(f.Values)), math.Inf(1)
		}
		return "is another text", 0
	case len(f.Values) != len(b.Values) || len(f.Dots) != len(b.Dots):
		return "is summarized in another way", 0
	}
	scale := 0.
	for _, v := range append(slices.Clone(f.Values), b.Values...) {
		scale = max(scale, math.Abs(v))
	}
	for i := range f.Values {
		d := share(f.Values[i]-b.Values[i], tol.Absolute+tol.Relative*scale)
		if far = max(far, d); !(d <= 1) && what == "" {
			what = fmt.Sprintf("is %v, recorded %v", list(b.Values), list(f.Values))
		}
	}
	// The numbers' errors add up under random signs as the root of how many there are.
	allowed := tol.Absolute*math.Sqrt(float64(f.N)) + tol.Relative*max(f.Norm, b.Norm)
	for i := range f.Dots {
		d := share(f.Dots[i]-b.Dots[i], allowed)
		if far = max(far, d); !(d <= 1) && what == "" {
			what = fmt.Sprintf("differs: %d numbers of the size %.4g, off by %.2g together", f.N, f.Norm/math.Sqrt(float64(f.N)), math.Abs(f.Dots[i]-b.Dots[i]))
		}
	}
	return what, far
}

// share is a distance as a share of what is allowed.
func share(distance, allowed float64) float64 {
	if distance == 0 {
		return 0
	}
	return math.Abs(distance) / allowed
}

func list(vs []float64) string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = fmt.Sprintf("%.6g", v)
	}
	return strings.Join(out, ", ")
}
