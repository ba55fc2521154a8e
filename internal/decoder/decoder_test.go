package decoder

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

func config() Config {
	return Config{Layers: 2, Width: 8, Neurons: 12, Heads: 4, KVHeads: 2, HeadDim: 4, Vocab: 20, Positions: 16, Eps: 1e-5,
		Norms: checkpoint.PreNorms, Activation: checkpoint.SiLU, QueryScale: .5, EmbedScale: 1, ResidualScale: 1, LogitScale: 1,
		Attentions: []Attention{{}, {Window: 2, Rope: -1}}, Ropes: []Rope{{InvFreq: []float64{1, .1}, Scale: 1.5}}}
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
		"cannot share":             func(c *Config) { c.KVHeads = 3 },
		"is odd":                   func(c *Config) { c.HeadDim = 5 },
		"1 rotary":                 func(c *Config) { c.Ropes = []Rope{{InvFreq: []float64{1}, Scale: 1}} },
		"epsilon is 0":             func(c *Config) { c.Eps = 0 },
		"frequency 1 is":           func(c *Config) { c.Ropes = []Rope{{InvFreq: []float64{1, math.Inf(1)}, Scale: 1}} },
		"rotary table 0 is 0":      func(c *Config) { c.Ropes = []Rope{{InvFreq: []float64{1, .1}}} },
		"takes rotary table 1":     func(c *Config) { c.Attentions = []Attention{{}, {Rope: 1}} },
		"takes rotary table -2":    func(c *Config) { c.Attentions = []Attention{{}, {Rope: -2}} },
		"window of layer 1 is -1":  func(c *Config) { c.Attentions = []Attention{{}, {Window: -1}} },
		"1 attentions for 2":       func(c *Config) { c.Attentions = make([]Attention, 1) },
		`norms is "after"`:         func(c *Config) { c.Norms = "after" },
		`keys is "some"`:           func(c *Config) { c.QKNorm = "some" },
		`activation is "relu"`:     func(c *Config) { c.Activation = "relu" },
		"query scale is 0":         func(c *Config) { c.QueryScale = 0 },
		"embedding scale is NaN":   func(c *Config) { c.EmbedScale = math.NaN() },
		"residual scale is +Inf":   func(c *Config) { c.ResidualScale = math.Inf(1) },
		"logit scale is 0":         func(c *Config) { c.LogitScale = 0 },
		"attention scores is -1":   func(c *Config) { c.AttentionCap = -1 },
		"cap of the logits is NaN": func(c *Config) { c.LogitCap = math.NaN() },
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
	positions := []int{3, 0, 7, 3}
	cos, sin := RopeTable(c.Ropes[0], positions, 2, .5)
	for row, p := range positions {
		for h := range 2 {
			for i := range 4 { // both halves of a head share the angles
				at := (row*2+h)*4 + i
				s, k := math.Sincos(float64(p) * c.Ropes[0].InvFreq[i%2])
				if cos[at] != float32(k*.75) || sin[at] != float32(s*.75) {
					t.Fatalf("row %d, position %d, head %d, component %d: %g, %g", row, p, h, i, cos[at], sin[at])
				}
			}
		}
	}
}

// TestMask: of every block, each query sees what it should: itself and what comes before it, as far as its window reaches. Every
// block finds the mask of its own keys, and no key is covered that no block needs.
func TestMask(t *testing.T) {
	for _, positions := range []int{1, 3, 7} {
		for n := 1; n <= positions; n++ {
			for w := range positions {
				a := Attention{Window: w}
				before := Before(a, positions, n)
				m := Mask(a, positions, n)
				if len(m) != n*(before+n) {
					t.Fatal(len(m))
				}
				for i, v := range m {
					query, key := i/(before+n), i%(before+n)-before
					visible := key <= query && (w == 0 || key > query-w)
					if v != 0 && v != Hidden || visible != (v == 0) {
						t.Errorf("blocks of %d, window %d: query %d, key %d: %g", n, w, query, key, v)
					}
				}
				last := (positions - 1) / n * n // the first query of the last block
				if first := max(0, last-w+1); w > 0 && before != last-first || w == 0 && before != last {
					t.Errorf("blocks of %d of %d, window %d: the mask covers %d keys before a block", n, positions, w, before)
				}
			}
		}
	}
}

// TestMaskAt: a query sees the same keys wherever its row is.
func TestMaskAt(t *testing.T) {
	at := [][]int{{0, 4}, {6, 2}}
	for w := range 8 {
		m := MaskAt(Attention{Window: w}, at, 7)
		if len(m) != 2*2*7 {
			t.Fatal(len(m))
		}
		for i, v := range m {
			query, key := at[i/14][i/7%2], i%7
			if visible := key <= query && (w == 0 || key > query-w); v != 0 && v != Hidden || visible != (v == 0) {
				t.Errorf("window %d: query %d, key %d: %g", w, query, key, v)
			}
		}
	}
}

func TestTensorName(t *testing.T) {
	c := config()
	if got := Down.TensorName(c, 3); got != "model.layers.3.mlp.down_proj.weight" {
		t.Error(got)
	}
	for norms, want := range map[string]string{ // of Norm1, PostNorm1, Norm2, PostNorm2
		checkpoint.PreNorms:  "input_layernorm post_attention_layernorm",
		checkpoint.BothNorms: "input_layernorm post_attention_layernorm pre_feedforward_layernorm post_feedforward_layernorm",
		checkpoint.PostNorms: "post_attention_layernorm post_feedforward_layernorm",
	} {
		c.Norms = norms
		var names []string
		for _, p := range c.Parts() {
			if name := p.TensorName(c, 0); strings.HasSuffix(name, "layernorm.weight") {
				names = append(names, strings.TrimSuffix(strings.TrimPrefix(name, "model.layers.0."), ".weight"))
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s", norms, got)
		}
	}
	if n := len(config().Parts()); n != 9 {
		t.Errorf("a Llama's layer has %d parts", n)
	}
	c = config()
	c.QKVBias, c.OutBias, c.MLPBias, c.QKNorm, c.Norms = true, true, true, checkpoint.HeadQKNorm, checkpoint.BothNorms
	if n := len(c.Parts()); n != int(Parts) {
		t.Errorf("a layer with everything has %d of %d parts", n, Parts)
	}
}
