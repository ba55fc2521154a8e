package golden

import (
	"fmt"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// contrast records forward passes of pairs whose means differ by want: [L,F] and [L,D] at the last position.
func (r *replay) contrast(t testing.TB, pairs []steer.Pair, want recordedForward) {
	t.Helper()
	uses, free := map[string]int{}, ""
	for _, p := range pairs {
		uses[p.Positive]++
		uses[p.Negative]++
	}
	for _, p := range pairs {
		if _, recorded := r.forwards[fmt.Sprint(r.ids(p.Positive))]; !recorded && uses[p.Positive] == 1 {
			free = p.Positive // it makes up for the others
		}
	}
	if free == "" {
		t.Fatal("every positive prompt is recorded already")
	}
	L := r.shape.Layers
	carry := func(want []float32, of func(recordedForward) []float32) []float32 {
		w := len(want) / L
		last := make([]float64, len(want)) // [L,W]
		for i, x := range want {
			last[i] = float64(x) * float64(len(pairs))
		}
		add := func(text string, sign float64) {
			ids := r.ids(text)
			if all := of(r.forwards[fmt.Sprint(ids)]); all != nil {
				for i := range last {
					last[i] -= sign * float64(all[(i/w*len(ids)+len(ids)-1)*w+i%w])
				}
			}
		}
		for _, p := range pairs {
			add(p.Positive, 1)
			add(p.Negative, -1)
		}
		return atLast(last, L, len(r.ids(free)))
	}
	f := recordedForward{
		neurons:  carry(want.neurons, func(f recordedForward) []float32 { return f.neurons }),
		residual: carry(want.residual, func(f recordedForward) []float32 { return f.residual }),
		mlp:      carry(want.mlp, func(f recordedForward) []float32 { return f.mlp }),
	}
	r.forwards[fmt.Sprint(r.ids(free))] = f
	for text := range uses {
		ids := r.ids(text)
		key := fmt.Sprint(ids)
		if _, ok := r.forwards[key]; !ok {
			r.forwards[key] = recordedForward{neurons: make([]float32, L*len(ids)*r.shape.Neurons), residual: make([]float32, L*len(ids)*r.shape.Width),
				mlp: make([]float32, L*len(ids)*r.shape.Width)}
		}
	}
}

// ids returns what a text is read as; a text that has no ids gets some of its own.
func (r *replay) ids(text string) []int32 {
	key := fmt.Sprint(text, raw)
	if _, ok := r.encode[key]; !ok {
		n := int32(len(r.encode))
		r.encode[key] = []int32{r.bos, 100 + n/100, 100 + n%100}
	}
	return r.encode[key]
}

// atLast returns [L,T,W] with the given numbers [L,W] at the last position and zeros before.
func atLast(last []float64, L, T int) []float32 {
	w := len(last) / L
	out := make([]float32, L*T*w)
	for i, x := range last {
		out[(i/w*T+T-1)*w+i%w] = float32(x)
	}
	return out
}

// mean records the last of some prompts so that the mean over all tokens of all of them is want [L,F].
func (r *replay) mean(t testing.TB, prompts [][]int32, want []float32) {
	t.Helper()
	tokens, F := 0, r.shape.Neurons
	for _, ids := range prompts {
		tokens += len(ids)
	}
	sum := make([]float64, len(want))
	for i, x := range want {
		sum[i] = float64(x) * float64(tokens)
	}
	last := prompts[len(prompts)-1]
	for _, ids := range prompts[:len(prompts)-1] {
		for i, x := range r.forwards[fmt.Sprint(ids)].neurons { // [L,T,F]
			sum[i/(len(ids)*F)*F+i%F] -= float64(x)
		}
	}
	key := fmt.Sprint(last)
	if _, ok := r.forwards[key]; ok {
		t.Fatal("the last prompt of the means is recorded already")
	}
	r.forwards[key] = recordedForward{neurons: atLast(sum, r.shape.Layers, len(last))}
}
