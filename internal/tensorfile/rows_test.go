package tensorfile

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The rows of a tensor are those of the whole, as numbers and as bytes, of every type, from memory and from a reader.
func TestRows(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, kind := range kinds {
		shape := []int{300, 256}
		size, _, _ := byteSize(kind, shape)
		in := Stored{Info{"w", kind, shape}, make([]byte, size)}
		for i := range in.Bytes {
			in.Bytes[i] = byte(random.Uint32())
		}
		var b bytes.Buffer
		if err := WriteSafetensors(&b, nil, nil, in); err != nil {
			t.Fatal(err)
		}
		for from, f := range bothWays(t, "safetensors", b.Bytes()) {
			whole, err := f.Float32("w")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range [][2]int{{0, 300}, {0, 1}, {7, 200}, {299, 300}, {5, 5}} {
				x, err := f.Float32Rows("w", r[0], r[1])
				if err != nil || !slices.EqualFunc(x, whole[r[0]*256:r[1]*256], func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
					t.Errorf("%s from %s: rows %v differ, %v", kind, from, r, err)
				}
				got, stored, err := f.RawRows("w", r[0], r[1])
				if err != nil || got != kind || !bytes.Equal(stored, in.Bytes[r[0]*size/300:r[1]*size/300]) {
					t.Errorf("%s from %s: bytes of rows %v differ, %v", kind, from, r, err)
				}
			}
		}
	}
}

func TestRowsThatAreNotThere(t *testing.T) {
	b := writtenGGUF(t, nil, Tensor{"w", []int{3, 2}, make([]float32, 6)}, Tensor{"scalar", []int{}, []float32{1}})
	f, err := ParseGGUF(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		lo, hi int
		want   string
	}{
		{"w", -1, 2, `tensor "w" is [3 2], it has no rows -1 to 2`}, {"w", 0, 4, "it has no rows 0 to 4"}, {"w", 2, 1, "it has no rows 2 to 1"},
		{"scalar", 0, 1, "it has no rows"}, {"v", 0, 1, `no tensor "v"`},
	} {
		if _, err := f.Float32Rows(c.name, c.lo, c.hi); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
		if _, _, err := f.RawRows(c.name, c.lo, c.hi); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
	// Blocks that go across rows: of a vector, a row is one number.
	var q bytes.Buffer
	if err := WriteGGUF(&q, nil, nil, Stored{Info{"v", Q8_0, []int{64}}, make([]byte, 68)}); err != nil {
		t.Fatal(err)
	}
	if f, err = ParseGGUF(q.Bytes()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Float32Rows("v", 0, 32); err == nil || !strings.Contains(err.Error(), "blocks of 32 numbers") {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.RawRows("v", 0, 0); err == nil {
		t.Error("rows of a closed file")
	}
}

func TestBools(t *testing.T) {
	want := []bool{true, false, true}
	f, err := ParseGGUF(writtenGGUF(t, []Field{{"list", want}, {"one", true}, {"numbers", []int32{1}}, {"none", []bool{}}}))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := f.Bools("list"); !ok || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, ok)
	}
	if got, ok := f.Bools("none"); !ok || len(got) != 0 {
		t.Errorf("%v %v", got, ok)
	}
	for _, key := range []string{"one", "numbers", "missing"} {
		if _, ok := f.Bools(key); ok {
			t.Errorf("%s is an array of booleans", key)
		}
	}
}
