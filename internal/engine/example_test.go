package engine_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// open loads the teaching model.
func open(ctx context.Context) (*engine.Engine, error) {
	ref, err := modelref.Resolve("teaching")
	if err != nil {
		return nil, err
	}
	m, err := checkpoint.Open(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return engine.New(ctx, decoder.FromCheckpoint(m.Config), m, engine.Options{}, nil)
}

func ExampleEngine_Attribute() {
	ctx := context.Background()
	e, err := open(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	ids := []int32{1, 433, 451, 363, 1521, 323} // The capital of France is
	const paris, rome = 1114, 1037
	r, err := e.Attribute(ctx, seam.Attribution{
		IDs:   [][]int32{ids},
		Terms: [][]seam.Term{{{Position: len(ids) - 1, Target: paris, Versus: rome}}},
		Rule:  seam.RelP,
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	tokens, attention := float32(0), float32(0)
	for _, x := range r.Tokens[0] {
		tokens += x
	}
	for _, x := range r.Attention[0] {
		attention += x
	}
	fmt.Printf("logit difference %.2f\n", r.Metric[0])
	fmt.Printf("tokens %.2f = metric + 2·attention %.2f\n", tokens, r.Metric[0]+2*attention)
	// Output:
	// logit difference 8.52
	// tokens 9.25 = metric + 2·attention 9.25
}

func ExampleEngine_Decode() {
	ctx := context.Background()
	e, err := open(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	d, err := e.Decode(ctx, seam.Decoding{IDs: []int32{1, 433, 451, 363, 1521, 323}, Reserve: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Close()
	for range 3 { // Paris, a full stop, the end
		best := int32(0)
		for id, x := range d.Logits() {
			if x > d.Logits()[best] {
				best = int32(id)
			}
		}
		fmt.Println(best)
		if err := d.Step(ctx, best); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// 1114
	// 18
	// 2
}

// A logit lens: what the model would say after each layer, at the prompt's last position.
func ExampleEngine_Unembed() {
	ctx := context.Background()
	e, err := open(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	ids := []int32{1, 433, 451, 363, 1521, 323} // The capital of France is
	f, err := e.Forward(ctx, seam.Forward{IDs: [][]int32{ids}, Capture: seam.Residual}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := e.Shape()
	var xs [][]float32
	for l := range s.Layers { // the stream after layer l at the last position
		xs = append(xs, f.Residual[0][((l+1)*len(ids)-1)*s.Width:][:s.Width])
	}
	z, err := e.Unembed(ctx, xs, true)
	if err != nil {
		fmt.Println(err)
		return
	}
	const paris, rome = 1114, 1037
	for l, logits := range z {
		fmt.Printf("after layer %d: logit difference %.1f\n", l, logits[paris]-logits[rome])
	}
	// Output:
	// after layer 0: logit difference 3.2
	// after layer 1: logit difference 5.2
	// after layer 2: logit difference 5.6
	// after layer 3: logit difference 7.2
	// after layer 4: logit difference 8.0
	// after layer 5: logit difference 8.5
}

// Three variants of a prompt in one call: the model as it is, and with its neurons from layer 3 up at zero and doubled.
func ExampleEngine_Variants() {
	ctx := context.Background()
	e, err := open(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	ids := [][]int32{{1, 433, 451, 363, 1521, 323}} // The capital of France is
	s := e.Shape()
	scaled := func(x float32) *seam.Edit {
		all := make([]float32, s.Layers*s.Neurons)
		for i := range all {
			all[i] = 1
			if i >= 3*s.Neurons {
				all[i] = x // every neuron from layer 3 up
			}
		}
		return &seam.Edit{B: 1, T: 1, Scale: all}
	}
	const paris, rome = 1114, 1037
	difference := make([]float32, 3)
	err = e.Variants(ctx, ids, []*seam.Edit{nil, scaled(0), scaled(2)}, nil, func(edit, _ int, logits []float32) error {
		difference[edit] = logits[paris] - logits[rome]
		return nil
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", difference)
	// Output: [8.5 5.3 10.2]
}
