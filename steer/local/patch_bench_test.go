//go:build smollm2 && unix && cgo

package local_test

import (
	"syscall"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// BenchmarkPatchSmolLM2 is 500 neurons patched to zero on a prompt of 16 tokens, against a forward pass for each of them; of
// interest is the processor time on one thread:
// GOMAXPROCS=1 go test -tags smollm2 -run xxx -bench PatchSmolLM2 -benchtime 1x ./steer/local
func BenchmarkPatchSmolLM2(b *testing.B) {
	ref, err := modelref.Resolve("smollm2-135m-instruct")
	if err != nil {
		b.Fatal(err)
	}
	l, err := local.Load(b.Context(), ref, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	const prompt = "Once upon a time, in a small village near the sea, there lived a"
	m, shape := steer.New("smollm2-135m-instruct", nil), l.Engine.Shape()
	q, err := m.Patch(steer.NewExamples(steer.Example{Prompt: prompt, Target: " man", Versus: " dog"})).Sample(500).Request()
	if err != nil {
		b.Fatal(err)
	}
	ts, err := l.Text.Encode(prompt, engine.Encoding{Markers: true, Special: true})
	if err != nil {
		b.Fatal(err)
	}
	if len(ts) != 16 {
		b.Fatalf("%d tokens", len(ts))
	}
	var ids []int32
	for _, t := range ts {
		ids = append(ids, t.ID)
	}
	rec, err := execute.Run(b.Context(), l.Engine, l.Text, q, func(steer.Event) {})
	if err != nil {
		b.Fatal(err)
	}
	rows := m.Patch(steer.NewExamples()).Result(func() steer.Record { return rec }).Rows()
	b.Run("together", func(b *testing.B) {
		cpu := processorTime(b)
		for b.Loop() {
			if _, err := execute.Run(b.Context(), l.Engine, l.Text, q, func(steer.Event) {}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric((processorTime(b)-cpu)*1e3/float64(b.N*len(rows)), "cpu-ms/neuron")
	})
	b.Run("one by one", func(b *testing.B) {
		scale := make([]float32, shape.Layers*shape.Neurons)
		for i := range scale {
			scale[i] = 1
		}
		cpu := processorTime(b)
		for b.Loop() {
			for _, r := range rows {
				j := r.Unit.Layer*shape.Neurons + r.Unit.Index
				scale[j] = 0
				if _, err := l.Engine.Forward(b.Context(), engine.Forward{IDs: [][]int32{ids}, Edit: &engine.Edit{B: 1, T: 1, Scale: scale}}, nil); err != nil {
					b.Fatal(err)
				}
				scale[j] = 1
			}
		}
		b.ReportMetric((processorTime(b)-cpu)*1e3/float64(b.N*len(rows)), "cpu-ms/neuron")
	})
}

// processorTime is what this process has taken, in seconds.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
