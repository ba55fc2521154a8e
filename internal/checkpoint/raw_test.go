package checkpoint

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// What RawRows gives of a tensor is, widened, what Tensor gives, whether the file has it in this order of rows or in another, at once
// or in parts that end anywhere; for the formats of files and for types of one number and of blocks.
func TestRawRows(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	folder := opened(t, "teaching")
	models := map[tensorfile.DType]*Model{tensorfile.BF16: folder, tensorfile.F32: opened(t, convert(t).file(t))}
	for kind, bytesOf32 := range map[tensorfile.DType]int{
		tensorfile.F16: 64, tensorfile.Q8_0: 34, tensorfile.Q4_0: 18, tensorfile.Q4_1: 20,
		tensorfile.Q5_0: 22, tensorfile.Q5_1: 24, tensorfile.IQ4NL: 18,
	} {
		c := convert(t)
		for name, x := range c.tensors {
			if len(x.Shape) < 2 {
				continue
			}
			b := make([]byte, len(x.Data)/32*bytesOf32)
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			delete(c.tensors, name)
			c.stored = append(c.stored, tensorfile.Stored{Info: tensorfile.Info{Name: name, DType: kind, Shape: x.Shape}, Bytes: b})
		}
		models[kind] = opened(t, c.file(t))
	}
	for numbers, m := range models {
		for name, shape := range m.Layout() {
			kind := numbers
			want, err := m.Tensor(name)
			if err != nil {
				t.Fatal(err)
			}
			got, stored, err := m.RawRows(name, 0, shape[0])
			if m != folder && len(shape) < 2 {
				kind = tensorfile.F32
			}
			if err != nil || got != kind {
				t.Errorf("%s of %s: %s, %v", name, kind, got, err)
				continue
			}
			var parts []byte
			for lo := 0; lo < shape[0]; {
				hi := min(shape[0], lo+1+random.IntN(max(1, shape[0]/2)))
				kind, part, err := m.RawRows(name, lo, hi)
				if err != nil || kind != got {
					t.Fatal(name, kind, err)
				}
				parts, lo = append(parts, part...), hi
			}
			if !bytes.Equal(parts, stored) {
				t.Errorf("%s of %s: its parts are other bytes than the whole", name, kind)
			}
			for _, r := range [][2]int{{-1, 1}, {0, shape[0] + 1}, {1, 1}, {1, 0}} {
				if _, _, err := m.RawRows(name, r[0], r[1]); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("has %d rows, not from %d to %d", shape[0], r[0], r[1])) {
					t.Errorf("rows %v of %s %v: %v", r, name, shape, err)
				}
			}
			if !slices.EqualFunc(widened(t, got, shape, stored), want, func(a, b float32) bool {
				return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
			}) {
				t.Errorf("%s of %s: its bytes are other numbers than Tensor gives", name, kind)
			}
		}
		if _, _, err := m.RawRows("model.no.weight", 0, 1); err == nil || !strings.Contains(err.Error(), `no tensor "model.no.weight"`) {
			t.Errorf("%s: a tensor that is not there: %v", numbers, err)
		}
	}
}

// widened reads bytes as numbers of a type.
func widened(t *testing.T, kind tensorfile.DType, shape []int, stored []byte) []float32 {
	t.Helper()
	var b bytes.Buffer
	if err := tensorfile.WriteSafetensors(&b, nil, nil, tensorfile.Stored{Info: tensorfile.Info{Name: "w", DType: kind, Shape: shape}, Bytes: stored}); err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.Parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	w, err := f.Float32("w")
	if err != nil {
		t.Fatal(err)
	}
	return w
}
