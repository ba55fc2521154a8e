package steer_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestMeanActivations: the mean is over all tokens of all texts, not a mean of means, and says how many.
func TestMeanActivations(t *testing.T) {
	texts := []string{france, "I", "The capital of Italy"}
	m := run(t, fake.MeanActivations(texts...).From(steer.Residual, steer.MLPNeurons))
	for _, s := range m.Spaces() {
		var sum []float64
		count := 0
		for _, x := range texts {
			a := run(t, fake.Capture(x).From(s))
			T, w := a.Tensor(s).Shape[1], a.Tensor(s).Shape[2]
			if sum == nil {
				sum = make([]float64, 3*w)
			}
			for l := range 3 {
				for pos := range T {
					for k, v := range a.Row(s, l, pos) {
						sum[l*w+k] += float64(v)
					}
				}
			}
			count += T
		}
		got := m.Tensor(s)
		if n, pos := m.Count(); n != 3 || pos != count || !slices.Equal(got.Shape, []int{3, 1, len(sum) / 3}) {
			t.Errorf("%d texts with %d positions, want %d; shape %v", n, pos, count, got.Shape)
		}
		for i, v := range got.Data {
			if math.Abs(float64(v)-sum[i]/float64(count)) > 1e-6 {
				t.Fatalf("%s: mean %d is %v, not %v", s, i, v, sum[i]/float64(count))
			}
		}
	}
}

// TestMeanDefault: without texts it is the reference's twenty, read raw; ToMean then sets neurons to their means.
func TestMeanDefault(t *testing.T) {
	m := run(t, fake.MeanActivations())
	if n, _ := m.Count(); n != 20 {
		t.Errorf("%d texts", n)
	}
	sameNumbers(t, "the twenty by name", m.Tensor(steer.MLPNeurons).Data, run(t, fake.MeanActivations(steer.DiverseTexts()...)).Tensor(steer.MLPNeurons).Data)
	c := praise(t)
	a := run(t, fake.Capture(france).From(steer.MLPNeurons).With(steer.ToMean(c, m)))
	for _, n := range c.Neurons() {
		for _, h := range a.Of(n) {
			if h != m.Of(n)[0] {
				t.Errorf("%v is %v, its mean %v", n, h, m.Of(n))
			}
		}
	}
	if _, err := fake.MeanActivations().Chat().Request(); !errors.Is(err, steer.BadSetting) {
		t.Errorf("the raw prompts in a chat: %v", err)
	}
	if _, err := fake.MeanActivations(france).Prefill(" Paris").Run(t.Context()); err != nil {
		t.Errorf("a text in a chat: %v", err)
	}
	for name, task := range map[string]steer.MeanActivationsTask{
		"empty text": fake.MeanActivations("a", ""), "nothing": fake.MeanActivations("a").From(), "space": fake.MeanActivations("a").From(steer.Attention),
	} {
		if _, err := task.Request(); err == nil {
			t.Errorf("%s is no mistake", name)
		}
	}
}
