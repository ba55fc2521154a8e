package backend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

var (
	integers = []dtypes.DType{dtypes.Int8, dtypes.Int16, dtypes.Int32, dtypes.Int64, dtypes.Uint8, dtypes.Uint16, dtypes.Uint32, dtypes.Uint64}
	floats   = []dtypes.DType{dtypes.Float32, dtypes.Float64, dtypes.Float16, dtypes.BFloat16}
	bools    = []dtypes.DType{dtypes.Bool}
	numbers  = append(append([]dtypes.DType{}, floats...), integers...)
	all      = append(append([]dtypes.DType{}, numbers...), bools...)
)

// A case is an operation and the types it is for.
type unaryCase struct {
	name   string
	types  []dtypes.DType
	domain func(x float64) float64 // what is made of random numbers, for functions that are not for all
	build  func(f compute.Function, x compute.Value) (compute.Value, error)
}

func positive(x float64) float64 { return math.Abs(x) + .01 }

var unaryCases = []unaryCase{
	{"Abs", numbers, nil, compute.Function.Abs},
	{"Neg", append([]dtypes.DType{dtypes.Int8, dtypes.Int16, dtypes.Int32, dtypes.Int64}, floats...), nil, compute.Function.Neg},
	{"Sign", numbers, nil, compute.Function.Sign},
	{"Ceil", floats, nil, compute.Function.Ceil},
	{"Floor", floats, nil, compute.Function.Floor},
	{"Round", floats, nil, compute.Function.Round},
	{"Sqrt", floats, positive, compute.Function.Sqrt},
	{"Rsqrt", floats, positive, compute.Function.Rsqrt},
	{"Exp", floats, nil, compute.Function.Exp},
	{"Expm1", floats, nil, compute.Function.Expm1},
	{"Log", floats, positive, compute.Function.Log},
	{"Log1p", floats, positive, compute.Function.Log1p},
	{"Logistic", floats, nil, compute.Function.Logistic},
	{"Erf", floats, nil, compute.Function.Erf},
	{"Sin", floats, nil, compute.Function.Sin},
	{"Cos", floats, nil, compute.Function.Cos},
	{"Tanh", floats, nil, compute.Function.Tanh},
	{"IsFinite", floats, nil, compute.Function.IsFinite},
	{"IsNaN", numbers, nil, compute.Function.IsNaN},
	{"LogicalNot", bools, nil, compute.Function.LogicalNot},
	{"BitwiseNot", integers, nil, compute.Function.BitwiseNot},
	{"BitCount", integers, nil, compute.Function.BitCount},
	{"Clz", integers, nil, compute.Function.Clz},
	{"Identity", all, nil, compute.Function.Identity},
}

type binaryCase struct {
	name  string
	types []dtypes.DType
	build func(f compute.Function, x, y compute.Value) (compute.Value, error)
}

var binaryCases = []binaryCase{
	{"Add", numbers, compute.Function.Add},
	{"Sub", numbers, compute.Function.Sub},
	{"Mul", numbers, compute.Function.Mul},
	{"Div", numbers, compute.Function.Div},
	{"Rem", numbers, compute.Function.Rem},
	{"Pow", numbers, compute.Function.Pow},
	{"Max", numbers, compute.Function.Max},
	{"Min", numbers, compute.Function.Min},
	{"BitwiseAnd", integers, compute.Function.BitwiseAnd},
	{"BitwiseOr", integers, compute.Function.BitwiseOr},
	{"BitwiseXor", integers, compute.Function.BitwiseXor},
	{"ShiftLeft", integers, compute.Function.ShiftLeft},
	{"ShiftRightArithmetic", integers, compute.Function.ShiftRightArithmetic},
	{"ShiftRightLogical", integers, compute.Function.ShiftRightLogical},
	{"LogicalAnd", bools, compute.Function.LogicalAnd},
	{"LogicalOr", bools, compute.Function.LogicalOr},
	{"LogicalXor", bools, compute.Function.LogicalXor},
	{"Equal", numbers, compute.Function.Equal},
	{"NotEqual", numbers, compute.Function.NotEqual},
	{"LessThan", numbers, compute.Function.LessThan},
	{"LessOrEqual", numbers, compute.Function.LessOrEqual},
	{"GreaterThan", numbers, compute.Function.GreaterThan},
	{"GreaterOrEqual", numbers, compute.Function.GreaterOrEqual},
}

// shapesOfTwo are shapes that go with one another: the same, scalars, axes of size 1 in all places, odd sizes, empty ones.
var shapesOfTwo = [][2][]int{
	{{}, {}}, {{7}, {7}}, {{7}, {}}, {{}, {7}}, {{1}, {5}}, {{3, 5}, {3, 5}}, {{3, 5}, {1, 5}}, {{3, 1}, {3, 5}}, {{3, 1}, {1, 5}},
	{{2, 3, 17}, {2, 1, 17}}, {{2, 1, 17}, {1, 3, 1}}, {{2, 3, 4, 5}, {1, 3, 1, 5}}, {{4, 1, 1}, {4, 2, 33}}, {{0, 3}, {0, 3}},
	{{3, 0}, {3, 1}}, {{1, 4000}, {2, 1}}, {{65, 65}, {65, 65}},
}

// edit changes the numbers of a tensor.
func (x tensor) edit(f func(float64) float64) tensor {
	v := reflect.ValueOf(x.flat)
	for i := range v.Len() {
		if x.shape.DType.IsFloat() && !half(x.shape.DType) {
			v.Index(i).SetFloat(f(v.Index(i).Float()))
		}
	}
	return x
}

// special puts numbers into a tensor that only floats have.
func (x tensor) special() tensor {
	v := reflect.ValueOf(x.flat)
	if x.shape.DType.IsFloat() && !half(x.shape.DType) {
		for i, s := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 1e-40, -1e-40, 88.8, -104, 3e38} {
			if i < v.Len() {
				v.Index(i).SetFloat(s)
			}
		}
	}
	return x
}

// one makes a graph of one operation.
func one(build func(f compute.Function, in []compute.Value) (compute.Value, error)) graphFunc {
	return func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		v, err := build(f, in)
		return []compute.Value{v}, err
	}
}

func TestUnary(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range unaryCases {
		for _, d := range c.types {
			t.Run(fmt.Sprint(c.name, "/", d), func(t *testing.T) {
				for _, dims := range [][]int{{}, {1}, {19}, {3, 5}, {2, 3, 33}, {0, 4}, {70, 70}} {
					x := random(r, d, dims...)
					if c.domain != nil {
						x = x.edit(c.domain)
						if half(d) {
							continue
						}
					} else if c.name != "Sign" && c.name != "Sin" && c.name != "Cos" { // the reference says that NaN has sign 0
						x = x.special()
					}
					same(t, b, ref, []tensor{x}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return c.build(f, in[0]) }))
				}
			})
		}
	}
}

func TestBinary(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range binaryCases {
		for _, d := range c.types {
			t.Run(fmt.Sprint(c.name, "/", d), func(t *testing.T) {
				for _, s := range shapesOfTwo {
					if product(s[0]) == 0 && product(s[1]) > 0 || product(s[1]) == 0 && product(s[0]) > 0 {
						continue // the reference makes something of nothing
					}
					x, y := random(r, d, s[0]...), random(r, d, s[1]...)
					switch c.name {
					case "Div", "Rem":
						nonzero(y)
					case "Pow":
						nonzero(y)
						x = x.edit(positive)
					case "ShiftLeft", "ShiftRightArithmetic", "ShiftRightLogical":
						small(y, d.Bits())
					default:
						x = x.special()
					}
					same(t, b, ref, []tensor{x, y}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return c.build(f, in[0], in[1]) }))
				}
			})
		}
	}
}

// nonzero makes positive integers of integers.
func nonzero(x tensor) {
	v := reflect.ValueOf(x.flat)
	for i := range v.Len() {
		switch e := v.Index(i); {
		case e.CanInt():
			e.SetInt(max(e.Int(), -e.Int(), 1))
		case e.CanUint():
			if e.Uint() == 0 {
				e.SetUint(3)
			}
		}
	}
}

// small makes integers of at least 0 and less than n.
func small(x tensor, n int) {
	v := reflect.ValueOf(x.flat)
	for i := range v.Len() {
		switch e := v.Index(i); {
		case e.CanInt():
			e.SetInt((e.Int() + 100) % int64(n))
		case e.CanUint():
			e.SetUint(e.Uint() % uint64(n))
		}
	}
}

func TestConvert(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 3))
	for _, from := range all {
		for _, to := range all {
			x := random(r, from, 3, 7)
			if to.IsUnsigned() { // of what is out of range the language says nothing
				x = x.edit(positive)
				if half(from) {
					continue
				}
				nonzero(x)
			}
			same(t, b, ref, []tensor{x}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.ConvertDType(in[0], to)
			}))
		}
	}
}

func TestWhereClamp(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 4))
	for _, d := range numbers {
		for _, s := range [][3][]int{{{}, {}, {}}, {{5}, {}, {}}, {{5}, {5}, {}}, {{}, {5}, {5}}, {{2, 33}, {2, 33}, {2, 33}}, {{2, 33}, {}, {2, 33}}} {
			in := []tensor{random(r, dtypes.Bool, s[0]...), random(r, d, s[1]...), random(r, d, s[2]...)}
			same(t, b, ref, in, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Where(in[0], in[1], in[2])
			}))
		}
		in := []tensor{random(r, d), random(r, d, 4, 5), random(r, d)}
		same(t, b, ref, in, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			return f.Clamp(in[0], in[1], in[2])
		}))
	}
}

func TestReduce(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 5))
	type reduction struct {
		name  string
		types []dtypes.DType
		build func(f compute.Function, x compute.Value, axes ...int) (compute.Value, error)
	}
	for _, c := range []reduction{
		{"Sum", numbers, compute.Function.ReduceSum}, {"Product", []dtypes.DType{dtypes.Float32, dtypes.Float64, dtypes.Int32, dtypes.Uint8}, compute.Function.ReduceProduct},
		{"Max", numbers, compute.Function.ReduceMax}, {"Min", numbers, compute.Function.ReduceMin},
		{"BitwiseAnd", integers, compute.Function.ReduceBitwiseAnd}, {"BitwiseOr", integers, compute.Function.ReduceBitwiseOr}, {"BitwiseXor", integers, compute.Function.ReduceBitwiseXor},
		{"LogicalAnd", bools, compute.Function.ReduceLogicalAnd}, {"LogicalOr", bools, compute.Function.ReduceLogicalOr}, {"LogicalXor", bools, compute.Function.ReduceLogicalXor},
	} {
		for _, d := range c.types {
			t.Run(fmt.Sprint(c.name, "/", d), func(t *testing.T) {
				for _, dims := range [][]int{{1}, {37}, {3, 5}, {2, 3, 17}, {2, 1, 3, 4}} {
					for mask := range 1 << len(dims) {
						var axes []int
						for a := range dims {
							if mask>>a&1 == 1 {
								axes = append(axes, a)
							}
						}
						same(t, b, ref, []tensor{random(r, d, dims...)}, 1e-5, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
							return c.build(f, in[0], axes...)
						}))
					}
				}
			})
		}
	}
}

func TestReduceOfNothingAndNaN(t *testing.T) {
	b := ours(t, 2)
	x := tensor{shapes.Make(dtypes.Float32, 2, 3), []float32{1, float32(math.NaN()), 2, 3, 4, 5}}
	nothing := tensor{shapes.Make(dtypes.Float32, 2, 0), []float32{}}
	got, err := run(b, []tensor{x, nothing}, func(f compute.Function, in []compute.Value) (out []compute.Value, err error) {
		for _, x := range in {
			for _, reduce := range []func(compute.Value, ...int) (compute.Value, error){f.ReduceSum, f.ReduceMax, f.ReduceMin} {
				v, err := reduce(x, 1)
				if err != nil {
					return nil, err
				}
				out = append(out, v)
			}
		}
		return out, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	nan, inf := math.NaN(), math.Inf(1)
	for i, want := range [][2]float64{{nan, 12}, {nan, 5}, {nan, 3}, {0, 0}, {-inf, -inf}, {inf, inf}} {
		for j, g := range got[i].flat.([]float32) {
			if float64(g) != want[j] && !(math.IsNaN(want[j]) && g != g) {
				t.Errorf("reduction %d of row %d is %v, want %v", i, j, g, want[j])
			}
		}
	}
}

func TestArgMinMaxSoftmax(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 6))
	for _, dims := range [][]int{{1}, {9}, {3, 5}, {2, 3, 17}} {
		for axis := range dims {
			for _, d := range numbers {
				for _, to := range []dtypes.DType{dtypes.Int32, dtypes.Int64, dtypes.Uint8} {
					for _, least := range []bool{false, true} {
						same(t, b, ref, []tensor{random(r, d, dims...).special()}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
							return f.ArgMinMax(in[0], axis, to, least)
						}))
					}
				}
			}
			for _, d := range []dtypes.DType{dtypes.Float32, dtypes.Float64} {
				same(t, b, ref, []tensor{random(r, d, dims...)}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					return f.FusedSoftmax(in[0], axis)
				}))
			}
		}
	}
}
