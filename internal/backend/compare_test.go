package backend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/compute/shapes"
)

// reference is GoMLX's own backend.
func reference(t testing.TB) compute.Backend {
	b, err := gobackend.New("ops_sequential")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Finalize)
	return b
}

// ours is the backend under test.
func ours(t testing.TB, workers int) *Backend {
	b := New(workers)
	t.Cleanup(b.Close)
	return b
}

// A tensor is an input of a test.
type tensor struct {
	shape shapes.Shape
	flat  any
}

// builder of a graph over its parameters.
type graphFunc func(f compute.Function, in []compute.Value) ([]compute.Value, error)

// compile builds a graph on a backend.
func compile(b compute.Backend, in []tensor, build graphFunc) (compute.Executable, error) {
	g := b.Builder("test")
	f := g.Main()
	var params []compute.Value
	for i, x := range in {
		p, err := f.Parameter(fmt.Sprint("x", i), x.shape, nil)
		if err != nil {
			return nil, err
		}
		params = append(params, p)
	}
	out, err := build(f, params)
	if err != nil {
		return nil, err
	}
	if err := f.Return(out, nil); err != nil {
		return nil, err
	}
	return g.Compile()
}

// execute uploads, runs and downloads.
func execute(b compute.Backend, e compute.Executable, in []tensor) ([]tensor, error) {
	var bufs []compute.Buffer
	for _, x := range in {
		buf, err := b.BufferFromFlatData(0, x.flat, x.shape)
		if err != nil {
			return nil, err
		}
		bufs = append(bufs, buf)
	}
	outs, err := e.Execute(bufs, nil, 0)
	if err != nil {
		return nil, err
	}
	var all []tensor
	for _, o := range outs {
		s, err := o.Shape()
		if err != nil {
			return nil, err
		}
		flat := dtypes.MakeAnySlice(s.DType, s.Size())
		if err := o.ToFlatData(flat); err != nil {
			return nil, err
		}
		all = append(all, tensor{s, flat})
		if err := o.Finalize(); err != nil {
			return nil, err
		}
	}
	for _, x := range bufs {
		if err := x.Finalize(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// run compiles and executes.
func run(b compute.Backend, in []tensor, build graphFunc) ([]tensor, error) {
	e, err := compile(b, in, build)
	if err != nil {
		return nil, err
	}
	return execute(b, e, in)
}

// close32 is how far two float32 results of the same sums may lie apart, relative to the larger of them and 1.
const close32 = 2e-6

// differ returns what distinguishes two results; "" where nothing does but rounding.
func differ(want, got tensor, tolerance float64) string {
	if want.shape.DType != got.shape.DType || !reflect.DeepEqual(append([]int{}, want.shape.Dimensions...), append([]int{}, got.shape.Dimensions...)) {
		return fmt.Sprintf("shape %s, want %s", got.shape, want.shape)
	}
	w, g := reflect.ValueOf(want.flat), reflect.ValueOf(got.flat)
	for i := range w.Len() {
		x, y := floatOf(w.Index(i)), floatOf(g.Index(i))
		switch {
		case math.IsNaN(x) && math.IsNaN(y), x == y:
			continue
		case want.shape.DType.IsFloat():
			limit := tolerance
			if half(want.shape.DType) {
				limit = max(limit, 1.0/128)
			}
			if math.Abs(x-y) <= limit*max(1, math.Abs(x), math.Abs(y)) {
				continue
			}
		}
		return fmt.Sprintf("element %d of %s is %v, want %v", i, want.shape, y, x)
	}
	return ""
}

func floatOf(v reflect.Value) float64 {
	switch x := v.Interface().(type) {
	case bool:
		if x {
			return 1
		}
		return 0
	case float16.Float16:
		return x.Float64()
	case bfloat16.BFloat16:
		return x.Float64()
	}
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	}
	return v.Float()
}

// same runs a graph on both backends.
func same(t testing.TB, b, ref compute.Backend, in []tensor, tolerance float64, build graphFunc) {
	t.Helper()
	want, err := run(ref, in, build)
	if err != nil {
		t.Fatalf("reference: %v", err)
	}
	got, err := run(b, in, build)
	if err != nil {
		t.Errorf("native: %v", err)
		return
	}
	for i := range want {
		if d := differ(want[i], got[i], tolerance); d != "" {
			t.Errorf("output %d: %s", i, d)
		}
	}
}

// random makes a tensor of small numbers.
func random(r *rand.Rand, d dtypes.DType, dims ...int) tensor {
	s := shapes.Make(d, dims...)
	flat := dtypes.MakeAnySlice(d, s.Size())
	v := reflect.ValueOf(flat)
	for i := range v.Len() {
		e := v.Index(i)
		x := r.NormFloat64()
		switch {
		case d == dtypes.Bool:
			e.SetBool(r.IntN(2) == 1)
		case d == dtypes.Float16:
			e.Set(reflect.ValueOf(float16.FromFloat64(x)))
		case d == dtypes.BFloat16:
			e.Set(reflect.ValueOf(bfloat16.FromFloat64(x)))
		case d.IsFloat():
			e.SetFloat(x)
		case d.IsUnsigned():
			e.SetUint(uint64(r.IntN(20)))
		default:
			e.SetInt(int64(r.IntN(20) - 10))
		}
	}
	return tensor{s, flat}
}
