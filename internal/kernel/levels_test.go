package kernel

import (
	"math"
	"testing"
)

// use computes with a level until the test ends.
func use(t testing.TB, l Level) {
	t.Helper()
	before := level
	level = l
	t.Cleanup(func() { level = before })
}

// eachLevel runs a test with every implementation that this processor has.
func eachLevel(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	for l := range best() + 1 {
		t.Run(l.String(), func(t *testing.T) {
			use(t, l)
			test(t)
		})
	}
}

// sameBits fails where two results differ, but for the payload of NaN.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range want {
		if math.Float32bits(got[i]) != math.Float32bits(v) && (v == v || got[i] == got[i]) {
			t.Fatalf("%s: %v (%#08x) at %d, want %v (%#08x)", what, got[i], math.Float32bits(got[i]), i, v, math.Float32bits(v))
		}
	}
}

// TestChoice: the variable forces a level, and what it cannot have is an error that says what to type; the best there is is used meanwhile.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		value      string
		most, want Level
		fails      bool
	}{
		{"", AVX512, AVX512, false}, {"", Go, Go, false}, {"avx512", AVX512, AVX512, false}, {"avx2", AVX512, AVX2, false},
		{"go", AVX512, Go, false}, {"go", Go, Go, false}, {"avx512", AVX2, AVX2, true}, {"avx2", Go, Go, true}, {"neon", AVX512, AVX512, true},
	} {
		got, err := choose(c.value, c.most)
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s=%q where there is %v: %v, %v", Variable, c.value, c.most, got, err)
		}
	}
	before := notChosen
	defer func() { notChosen = before }()
	_, notChosen = choose("neon", Go)
	if _, err := Pack(F32, 1, 1, make([]byte, 4)); err == nil {
		t.Error("Pack says nothing of a wrong " + Variable)
	}
}
