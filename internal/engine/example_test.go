package engine_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
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
	r, err := e.Attribute(ctx, steer.Attribution{
		IDs:   [][]int32{ids},
		Terms: [][]steer.Term{{{Position: len(ids) - 1, Target: paris, Versus: rome}}},
		Rule:  steer.RelP,
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
	d, err := e.Decode(ctx, steer.Decoding{IDs: []int32{1, 433, 451, 363, 1521, 323}, Reserve: 3})
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
