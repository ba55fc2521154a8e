package decoder

import (
	"math"
	"strings"
	"testing"
)

func config() Config {
	return Config{Layers: 2, Width: 8, Neurons: 12, Heads: 4, KVHeads: 2, HeadDim: 4, Vocab: 20, Positions: 16, Eps: 1e-5, InvFreq: []float64{1, .1}}
}

func TestCheck(t *testing.T) {
	if err := config().Check(); err != nil {
		t.Error(err)
	}
	var zero Config
	if err := zero.Check(); err == nil || strings.Count(err.Error(), "must be at least 1") != 8 {
		t.Errorf("all eight sizes are wrong: %v", err)
	}
	for want, change := range map[string]func(*Config){
		"cannot share":   func(c *Config) { c.KVHeads = 3 },
		"is odd":         func(c *Config) { c.HeadDim = 5 },
		"1 rotary":       func(c *Config) { c.InvFreq = []float64{1} },
		"epsilon is 0":   func(c *Config) { c.Eps = 0 },
		"frequency 1 is": func(c *Config) { c.InvFreq = []float64{1, math.Inf(1)} },
	} {
		c := config()
		change(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in: %v", want, err)
		}
	}
}

func TestRopeTable(t *testing.T) {
	c := config()
	cos, sin := c.RopeTable(2, 3, 4, 2, .5)
	for b := range 2 {
		for p := range 4 {
			for h := range 2 {
				for i := range 4 { // both halves of a head share the angles
					at := ((b*4+p)*2+h)*4 + i
					s, k := math.Sincos(float64(3+p) * c.InvFreq[i%2])
					if cos[at] != float32(k*.5) || sin[at] != float32(s*.5) {
						t.Fatalf("prompt %d, position %d, head %d, component %d: %g, %g", b, 3+p, h, i, cos[at], sin[at])
					}
				}
			}
		}
	}
}

func TestCausalMask(t *testing.T) {
	const b, n = 2, 3
	m := config().CausalMask(b, n)
	if len(m) != b*4*n*n {
		t.Fatal(len(m))
	}
	for i, v := range m {
		query, key := i/n%n, i%n
		if hidden := v == Hidden; hidden != (key > query) || !hidden && v != 0 {
			t.Errorf("query %d, key %d: %g", query, key, v)
		}
	}
}

func TestTensorName(t *testing.T) {
	if got := Down.TensorName(3); got != "model.layers.3.mlp.down_proj.weight" {
		t.Error(got)
	}
}
