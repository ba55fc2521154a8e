package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// special holds what elementwise functions must have right: signed zeros, denormals, the largest numbers, infinities, NaN, and where the
// functions change their mind.
var special = func() []float32 {
	x := []float32{0, float32(math.Copysign(0, -1)), 1, -1, .5, -.5, 2, -2, math.MaxFloat32, -math.MaxFloat32, 0x1p-126, -0x1p-126,
		0x1p-149, -0x1p-149, 0x1p-127, -0x1p-140, 0x1.fffffep-127, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
		88.72283, 88.72284, 88.7229, 89, 128, -87.3365, -103.27893, -103.97207, -103.9721, -104, -150, 1e30, -1e30, 1e-30, -1e-30,
		0.34657359, 0.3465736, -0.34657359, 0.70710677, 0.70710678, 1.4142135, 1.4142137, 0.99999994, 1.0000001, 9.01, 9.02, -9.01, -9.02, 20, -17.4}
	return x
}()

// everywhere returns numbers of every magnitude and both signs.
func everywhere(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		if i%2 == 0 {
			x[i] = math.Float32frombits(r.Uint32()) // all exponents alike
		} else {
			x[i] = float32(r.NormFloat64() * 20)
		}
	}
	return x
}

// ulps is how far x is from what it should be, in the distance of float32 numbers there.
func ulps(x float32, want float64) float64 {
	switch rounded := float32(want); {
	case x == rounded || x != x && rounded != rounded:
		return 0
	case math.IsInf(float64(x), 0) || math.IsInf(float64(rounded), 0) || x != x || rounded != rounded:
		if math.Abs(float64(x)) == math.MaxFloat32 || math.Abs(float64(rounded)) == math.MaxFloat32 {
			return 1
		}
		return math.Inf(1)
	}
	_, e := math.Frexp(want)
	return math.Abs(float64(x)-want) / math.Ldexp(1, max(e-24, -149))
}

// accuracies bounds the error of each function in units of the last place; what is exact in IEEE 754 has half of one.
var accuracies = [unaryOps]struct {
	name string
	of   func(float64) float64
	ulps float64
}{
	OpNeg:      {"neg", func(x float64) float64 { return -x }, 0},
	OpAbs:      {"abs", math.Abs, 0},
	OpSqrt:     {"sqrt", math.Sqrt, .5},
	OpRsqrt:    {"rsqrt", func(x float64) float64 { return 1 / math.Sqrt(x) }, 1.5},
	OpRecip:    {"recip", func(x float64) float64 { return 1 / x }, .5},
	OpExp:      {"exp", math.Exp, 1.25},
	OpExpm1:    {"expm1", math.Expm1, 1.5},
	OpLog:      {"log", math.Log, 1.5},
	OpLog1p:    {"log1p", math.Log1p, 1},
	OpTanh:     {"tanh", math.Tanh, 3},
	OpLogistic: {"logistic", func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 3},
	OpErf:      {"erf", math.Erf, 1},
	OpSin:      {"sin", math.Sin, 1},
	OpCos:      {"cos", math.Cos, 1},
}

// TestUnaryAgainstFloat64: every function to its bound, at every magnitude, and with the sign of its zeros.
func TestUnaryAgainstFloat64(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 1))
		for op, a := range accuracies {
			x := append(append([]float32{}, special...), everywhere(r, 400_000)...)
			z := make([]float32, len(x))
			Unary(UnaryOp(op), z, x)
			worst := 0.
			for i, v := range z {
				want := a.of(float64(x[i]))
				if u := ulps(v, want); u > a.ulps {
					t.Fatalf("%s(%v) = %v, want %v: off by %.2f units in the last place", a.name, x[i], v, want, u)
				} else {
					worst = max(worst, u)
				}
				if v == 0 && want == 0 && math.Signbit(float64(v)) != math.Signbit(want) {
					t.Fatalf("%s(%v) has the sign of zero wrong", a.name, x[i])
				}
			}
			t.Logf("%s: %.3f units in the last place", a.name, worst)
		}
	})
}

// TestBinaryIsGo: the bits of Go's own operators on every pair of special numbers, vectors and numbers in either place.
func TestBinaryIsGo(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(2, 2))
		x, y := everywhere(r, 3001), everywhere(r, 3001)
		for _, a := range special {
			for _, b := range special {
				x, y = append(x, a), append(y, b)
			}
		}
		z, want := make([]float32, len(x)), make([]float32, len(x))
		for op := range binaryOps {
			plainBinary(op, want, x, y)
			Binary(op, z, x, y)
			sameBits(t, fmt.Sprint("op ", op), z, want)
			for _, s := range special {
				plainBinaryScalar(op, want, x, s)
				BinaryScalar(op, z, x, s)
				sameBits(t, fmt.Sprint("op ", op, " with ", s), z, want)
				plainScalarBinary(op, want, s, y)
				ScalarBinary(op, z, s, y)
				sameBits(t, fmt.Sprint("op ", op, " of ", s), z, want)
			}
		}
	})
}

// TestLengthsAndPlaces: any length gives what each element gives alone, in place too, and touches nothing else.
func TestLengthsAndPlaces(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 3))
		all := everywhere(r, 200)
		for n := range 140 {
			x, y := all[1:][:n], all[50:][:n]
			for op := range unaryOps {
				z := marked(n + 2)
				Unary(op, z[1:][:n], x)
				for i := range n {
					one := make([]float32, 1)
					Unary(op, one, x[i:])
					sameBits(t, fmt.Sprint("unary ", op, " of ", n), z[1+i:][:1], one)
				}
				if z[0] != untouched || z[n+1] != untouched {
					t.Fatal("unary", op, "of", n, "writes outside")
				}
				in := append([]float32{}, x...)
				Unary(op, in, in)
				sameBits(t, fmt.Sprint("unary ", op, " in place"), in, z[1:][:n])
			}
			for op := range binaryOps {
				z := marked(n + 2)
				Binary(op, z[1:][:n], x, y)
				if z[0] != untouched || z[n+1] != untouched {
					t.Fatal("binary", op, "of", n, "writes outside")
				}
				in := append([]float32{}, y...)
				Binary(op, in, x, in)
				sameBits(t, fmt.Sprint("binary ", op, " in place"), in, z[1:][:n])
			}
		}
	})
}

// TestFolds: sums to rounding, the same bits with AVX-512, AVX2 and in Go as far as it does not fuse; maxima as Go's.
func TestFolds(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 4))
		x, y := numbers(r, 1000), numbers(r, 1000)
		for n := range 400 {
			x, y := x[n:][:n], y[3:][:n]
			sum, dot, size := 0., 0., 0.
			for i, v := range x {
				sum += float64(v)
				dot += float64(v) * float64(y[i])
				size += math.Abs(float64(v))
			}
			if got := Sum(x); math.Abs(float64(got)-sum) > 1e-6*size || got != plainSum(x) {
				t.Fatalf("the sum of %d is %v, want %v, in lanes %v", n, got, sum, plainSum(x))
			}
			if got := Dot(x, y); math.Abs(float64(got)-dot) > 1e-6*size {
				t.Fatalf("the dot of %d is %v, want %v", n, got, dot)
			}
			sameBits(t, fmt.Sprint("max of ", n), []float32{Max(x)}, []float32{plainMax(x)})
		}
		for i := range special {
			for j := range special {
				for _, n := range []int{2, 5, 16, 17, 40} {
					v := make([]float32, n)
					for k := range v {
						v[k] = float32(math.Inf(-1))
					}
					v[n-1], v[j%(n-1)] = special[i], special[j]
					sameBits(t, fmt.Sprint("max of ", v), []float32{Max(v)}, []float32{plainMax(v)})
				}
			}
		}
	})
}

// TestFoldsHaveTheSameBits: with AVX-512 and AVX2.
func TestFoldsHaveTheSameBits(t *testing.T) {
	if best() < AVX512 {
		t.Log("this processor has no AVX-512: nothing to compare")
		return
	}
	r := rand.New(rand.NewPCG(5, 5))
	x, y := everywhere(r, 2000), numbers(r, 2000)
	for n := range 300 {
		x, y, z := x[n:][:n], y[n:][:n], y[3*n:][:n]
		got := func(l Level) []float32 {
			use(t, l)
			out := []float32{Sum(y), Dot(y, z), Max(y), Max(x)}
			soft := make([]float32, n)
			Softmax(soft, y)
			out = append(out, soft...)
			for op := range unaryOps {
				u := make([]float32, n)
				Unary(op, u, x)
				out = append(out, u...)
			}
			return out
		}
		sameBits(t, fmt.Sprint("functions of ", n), got(AVX2), got(AVX512))
	}
}

// TestSoftmax: against float64, with what a mask puts in, and of one number.
func TestSoftmax(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(6, 6))
		for n := 1; n < 200; n++ {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(r.NormFloat64() * 10)
				if i > 0 && r.IntN(4) == 0 {
					x[i] = float32(math.Inf(-1))
				}
			}
			top, sum := float64(plainMax(x)), 0.
			for _, v := range x {
				sum += math.Exp(float64(v) - top)
			}
			z := make([]float32, n)
			Softmax(z, x)
			for i, v := range z {
				below := top - float64(x[i]) // a float32 itself, rounded
				if want := math.Exp(-below) / sum; math.Abs(float64(v)-want) > (1e-6+6e-8*below)*want+1e-38 && want != 0 {
					t.Fatalf("softmax of %d numbers: %v at %d, want %v", n, v, i, want)
				}
			}
			Softmax(x, x)
			sameBits(t, "softmax in place", x, z)
		}
		x := []float32{1, float32(math.NaN()), 2}
		Softmax(x, x)
		for _, v := range x {
			if v == v {
				t.Error("softmax hides NaN:", x)
			}
		}
	})
}

// TestTranspose: any shape and place, nothing else touched.
func TestTranspose(t *testing.T) {
	eachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 7))
		for rows := 1; rows < 40; rows++ {
			for cols := 1; cols < 40; cols++ {
				src := numbers(r, rows*cols)
				lds, ldd := cols+rows%3, rows+cols%3
				from, to := grid(rows, cols, lds, src), marked(cols*ldd+1)
				Transpose(to, ldd, from, lds, rows, cols)
				for i, v := range to {
					want := float32(untouched)
					if j := i % ldd; j < rows && i/ldd < cols {
						want = src[j*cols+i/ldd]
					}
					if v != want {
						t.Fatalf("[%d,%d]: %v at %d,%d, want %v", rows, cols, v, i/ldd, i%ldd, want)
					}
				}
			}
		}
	})
}
