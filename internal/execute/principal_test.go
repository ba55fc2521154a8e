package execute

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestPrincipal: the component of rows with a known one is found, its share too, and the sign follows the rows' mean.
func TestPrincipal(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n, w = 40, 60
	u, noise := make([]float64, w), .3
	for i := range u {
		u[i] = rng.NormFloat64()
	}
	rows := make([][]float32, n)
	for i := range rows {
		rows[i] = make([]float32, w)
		a := rng.NormFloat64() + 2
		for k := range rows[i] {
			rows[i][k] = float32(a*u[k] + noise*rng.NormFloat64())
		}
	}
	out := make([]float32, w)
	share := principal(rows, out)
	var cos, nu float64
	for k := range u {
		cos += u[k] * float64(out[k])
		nu += u[k] * u[k]
	}
	if cos /= math.Sqrt(nu); cos < .999 || math.Abs(message.Norm(out)-1) > 1e-6 {
		t.Errorf("cosine %v with the planted direction, norm %v", cos, message.Norm(out))
	}
	along := func(x []float32) (s float64) {
		for _, r := range rows {
			s += message.Inner(r, x) * message.Inner(r, x)
		}
		return s
	}
	var total float64
	for _, r := range rows {
		total += message.Inner(r, r)
	}
	if got := along(out) / total; math.Abs(got-share) > 1e-6 {
		t.Errorf("the share is %v, said to be %v", got, share)
	}
	for range 200 { // no direction near it does better
		other := make([]float32, w)
		for k := range other {
			other[k] = out[k] + float32(.05*rng.NormFloat64())
		}
		l := message.Norm(other)
		if along(other)/(l*l) > along(out)*(1+1e-6) {
			t.Fatal("another direction holds more of the rows")
		}
	}
}

// TestPrincipalExact: rows along two orthogonal directions; rows of zeros; rows that are no numbers.
func TestPrincipalExact(t *testing.T) {
	out := make([]float32, 3)
	if share := principal([][]float32{{0, -3, 0}, {0, -1, 0}, {2, 0, 0}}, out); math.Abs(share-10./14) > 1e-12 || math.Abs(float64(out[1])+1) > 1e-7 || math.Abs(float64(out[0])) > 1e-12 {
		t.Errorf("%v holds %v", out, share)
	}
	if principal([][]float32{{0, 3, 0}, {0, -2, 0}, {0, -2, 0}, {0, -2, 0}}, out); math.Abs(float64(out[1])+1) > 1e-7 {
		t.Errorf("most positives would project lower on %v", out)
	}
	if share := principal([][]float32{{0, 0, 0}}, out); share != 0 || out[0] != 0 || out[1] != 0 {
		t.Errorf("zeros give %v, %v", out, share)
	}
	principal([][]float32{{1, 0, float32(math.NaN())}}, out)
	if message.FirstNotFinite(out) < 0 {
		t.Error("NaN is lost")
	}
}

// TestLargestEigen: the pair is one to rounding, and no diagonal element is larger.
func TestLargestEigen(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n = 30
	a, b := make([][]float64, n), make([][]float64, n)
	for i := range a {
		a[i], b[i] = make([]float64, n), make([]float64, n)
		for j := range i + 1 {
			a[i][j] = rng.NormFloat64()
			a[j][i] = a[i][j]
		}
	}
	for i := range a {
		copy(b[i], a[i])
	}
	value, x := largestEigen(b)
	for i := range a {
		if d := dot(a[i], x) - value*x[i]; math.Abs(d) > 1e-12*value || a[i][i] > value {
			t.Fatalf("row %d is off by %v of %v", i, d, value)
		}
	}
	if math.Abs(dot(x, x)-1) > 1e-12 {
		t.Error(dot(x, x))
	}
}

// TestShareWarnings: the first layer whose component holds little of the differences is named.
func TestShareWarnings(t *testing.T) {
	if ws := shareWarnings(message.ControlVectorBody{Lo: 2, Share: []float64{.9, .2, .1}}); len(ws) != 1 || ws[0].Code != "share" || !strings.Contains(ws[0].Text, "layer 3 the first component holds 20 %") {
		t.Error(ws)
	}
	if ws := shareWarnings(message.ControlVectorBody{Share: []float64{.25, 1}}); len(ws) != 0 {
		t.Error(ws)
	}
}
