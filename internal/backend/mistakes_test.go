package backend

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// What is not implemented is an error with the operation's name when the graph is built: operations, functions, types.
func TestNotImplementedByName(t *testing.T) {
	b := ours(t, 1)
	f := b.Builder("g").Main()
	x, err := f.Parameter("x", shapes.Make(dtypes.Float32, 2, 2), nil)
	if err != nil {
		t.Fatal(err)
	}
	for op, call := range map[string]func() error{
		"FFT":     func() error { _, err := f.FFT(x, compute.FFTForward, []int{2}); return err },
		"Complex": func() error { _, err := f.Complex(x, x); return err },
		"ReduceWindow": func() error {
			_, err := f.ReduceWindow(x, compute.ReduceOpSum, []int{1, 1}, nil, nil, nil, nil)
			return err
		},
		"RNGBitGenerator": func() error { _, _, err := f.RNGBitGenerator(x, shapes.Make(dtypes.Uint32, 2)); return err },
		"ConvGeneral": func() error {
			_, err := f.ConvGeneral(x, x, compute.ConvolveAxesConfig{}, nil, nil, nil, nil, 1, 1)
			return err
		},
		"EqualTotalOrder": func() error { _, err := f.EqualTotalOrder(x, x); return err },
		"FusedGelu":       func() error { _, err := f.FusedGelu(x, true); return err },
		"functions":       func() error { _, err := f.Builder().NewFunction("g"); return err },
		"closures":        func() error { _, err := f.Closure(); return err },
	} {
		if err := call(); !errors.Is(err, compute.ErrNotImplemented) || !strings.Contains(err.Error(), op) {
			t.Errorf("%s: %v", op, err)
		}
	}
	if _, err := f.Parameter("c", shapes.Make(dtypes.Complex64, 2), nil); !errors.Is(err, compute.ErrNotImplemented) {
		t.Errorf("complex numbers: %v", err)
	}
}

// Capabilities say what there is: every method of that name that takes one or two values works or complains about types, and
// every other one is not implemented.
func TestCapabilities(t *testing.T) {
	b := ours(t, 1)
	f := b.Builder("g").Main()
	x, err := f.Parameter("x", shapes.Make(dtypes.Float32, 2, 2), nil)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for op := range b.Capabilities().Operations {
		has[op.String()] = true
	}
	v, value := reflect.ValueOf(f), reflect.TypeFor[compute.Value]()
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		if op, err := compute.OpTypeString(m.Name); err != nil || op == compute.OpTypeInvalid || m.Type.IsVariadic() {
			continue
		}
		var args []reflect.Value
		for j := 1; j < m.Type.NumIn(); j++ {
			if m.Type.In(j) == value {
				args = append(args, reflect.ValueOf(x))
			}
		}
		if len(args) != m.Type.NumIn()-1 || len(args) == 0 {
			continue
		}
		out := v.Method(i).Call(args)
		err, _ := reflect.TypeAssert[error](out[len(out)-1])
		if errors.Is(err, compute.ErrNotImplemented) == has[m.Name] {
			t.Errorf("%s: capabilities say %t, and it answers %v", m.Name, has[m.Name], err)
		}
	}
}

// Bad input is an error, and no panic.
func TestMistakes(t *testing.T) {
	b, other := ours(t, 1), ours(t, 1)
	g := b.Builder("g")
	f := g.Main().(*function)
	x, err := f.Parameter("x", shapes.Make(dtypes.Float32, 2, 3), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Constant([]float32{1})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := f.Constant([]int32{0, 1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Builder("o").Main().Parameter("y", shapes.Make(dtypes.Float32, 2, 3), nil)
	if err != nil {
		t.Fatal(err)
	}
	two := func(v compute.Value, err error) error { return err }
	for name, err := range map[string]error{
		"foreign value":       two(f.Add(x, foreign)),
		"no value":            two(f.Add(x, 3)),
		"nil":                 two(f.Neg(nil)),
		"shapes":              two(f.Add(x, ids)),
		"type":                two(f.LogicalNot(x)),
		"reshape":             two(f.Reshape(x, 4)),
		"negative reshape":    two(f.Reshape(x, -2, -3)),
		"permutation":         two(f.Transpose(x, 0, 0)),
		"slice":               two(f.Slice(x, []int{0, 2}, []int{2, 9}, nil)),
		"reverse":             two(f.Reverse(x, 2)),
		"reverse twice":       two(f.Reverse(x, 1, 1)),
		"broadcast":           two(f.BroadcastInDim(x, shapes.Make(dtypes.Float32, 2, 4), []int{0, 1})),
		"broadcast type":      two(f.BroadcastInDim(x, shapes.Make(dtypes.Int32, 2, 3), []int{0, 1})),
		"concatenate":         two(f.Concatenate(0, x, s)),
		"concatenate nothing": two(f.Concatenate(0)),
		"concatenate axis":    two(f.Concatenate(5, x, x)),
		"pad":                 two(f.Pad(x, ids)),
		"pad too much":        two(f.Pad(x, s, compute.PadAxis{}, compute.PadAxis{}, compute.PadAxis{Start: 1})),
		"pad to less":         two(f.Pad(x, s, compute.PadAxis{Start: -3})),
		"iota":                two(f.Iota(shapes.Make(dtypes.Int32, 2), 1)),
		"constant":            two(f.Constant([]float32{1, 2}, 3)),
		"constant of what":    two(f.Constant("text")),
		"constant of nothing": two(f.Constant(nil)),
		"negative constant":   two(f.Constant([]float32{}, -1)),
		"reduce":              two(f.ReduceSum(x, 2)),
		"reduce twice":        two(f.ReduceSum(x, 1, 1)),
		"argmax":              two(f.ArgMinMax(x, 3, dtypes.Int32, true)),
		"argmax type":         two(f.ArgMinMax(x, 1, dtypes.Float32, true)),
		"softmax":             two(f.FusedSoftmax(x, -1)),
		"softmax type":        two(f.FusedSoftmax(ids, 0)),
		"dot":                 two(f.DotGeneral(x, []int{1}, nil, x, []int{0}, nil, compute.DotGeneralConfig{})),
		"dot axes":            two(f.DotGeneral(x, []int{7}, nil, x, []int{0}, nil, compute.DotGeneralConfig{})),
		"gather":              two(f.Gather(x, ids, 5, nil, nil, nil, nil, false)),
		"gather sizes":        two(f.Gather(x, ids, 1, []int{1}, []int{0}, []int{0}, []int{1, 9}, false)),
		"gather by floats":    two(f.Gather(x, x, 1, []int{1}, []int{0}, []int{0}, []int{1, 3}, false)),
		"scatter":             two(f.ScatterSum(x, ids, s, 0, nil, nil, nil, false, false)),
		"dynamic slice":       two(f.DynamicSlice(x, []compute.Value{s, s}, []int{1, 1})),
		"dynamic update":      two(f.DynamicUpdateSlice(x, s, nil)),
		"convert":             two(f.ConvertDType(x, dtypes.Complex64)),
		"bitcast":             two(f.Bitcast(s, dtypes.Float64)),
		"where":               two(f.Where(x, x, x)),
		"huge":                two(f.Parameter("huge", shapes.Make(dtypes.Float32, 1<<30, 1<<30, 1<<30), nil)),
		"no outputs":          f.Return(nil, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := g.Compile(); err == nil {
		t.Error("compiled before Return")
	}
	if err := f.Return([]compute.Value{x, x, s}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Add(x, x); err == nil {
		t.Error("an operation after Return")
	}
	e, err := g.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Compile(); err == nil {
		t.Error("compiled twice")
	}
	good, err := b.BufferFromFlatData(0, make([]float32, 6), shapes.Make(dtypes.Float32, 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	wrong, _ := b.BufferFromFlatData(0, make([]float32, 6), shapes.Make(dtypes.Float32, 3, 2))
	theirs, _ := other.BufferFromFlatData(0, make([]float32, 6), shapes.Make(dtypes.Float32, 2, 3))
	gone, _ := b.BufferFromFlatData(0, make([]float32, 6), shapes.Make(dtypes.Float32, 2, 3))
	if err := gone.Finalize(); err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]compute.Buffer{"none": nil, "shape": {wrong}, "backend": {theirs}, "nil": {nil}, "finalized": {gone}} {
		if _, err := e.Execute(in, nil, 0); err == nil {
			t.Errorf("input %s: no error", name)
		}
	}
	if _, err := e.Execute([]compute.Buffer{good}, []bool{true, true}, 0); err == nil {
		t.Error("too many values of donate")
	}
	if _, err := e.Execute([]compute.Buffer{good}, nil, 1); err == nil {
		t.Error("another device")
	}
	outs, err := e.Execute([]compute.Buffer{good}, []bool{true}, 0)
	if err != nil || len(outs) != 3 {
		t.Fatal(outs, err)
	}
	if _, err := good.Data(); err == nil {
		t.Error("a donated buffer is read")
	}
	if _, err := outs[0].Data(); err != nil {
		t.Errorf("an input that is an output went with the input: %v", err)
	}
	for name, err := range map[string]error{
		"type":   two(b.BufferFromFlatData(0, []int32{1}, shapes.Make(dtypes.Float32, 1))),
		"length": two(b.BufferFromFlatData(0, []float32{1}, shapes.Make(dtypes.Float32, 2))),
		"slice":  two(b.BufferFromFlatData(0, 1, shapes.Make(dtypes.Float32, 1))),
		"nil":    two(b.BufferFromFlatData(0, nil, shapes.Make(dtypes.Float32, 1))),
		"device": two(b.BufferFromFlatData(3, []float32{1}, shapes.Make(dtypes.Float32, 1))),
		"shape":  two(b.BufferFromFlatData(0, []float32{1}, shapes.Invalid())),
		"to":     outs[0].ToFlatData(make([]float32, 5)),
		"to nil": outs[0].ToFlatData(nil),
	} {
		if err == nil {
			t.Errorf("buffer %s: no error", name)
		}
	}
}
