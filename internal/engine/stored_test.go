package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/kernel"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// A storedMatrix is a source of one matrix of float32 whose number i is i; it says what was read of it.
type storedMatrix struct {
	n, k    int
	fails   int // from this row on; 0 is nowhere
	largest *int
	parts   *int
}

var errTorn = errors.New("torn")

func (s storedMatrix) Tensor(string) ([]float32, error) { return nil, errors.New("it is widened") }
func (s storedMatrix) Stored(string) (tensorfile.DType, int64, error) {
	return tensorfile.F32, int64(4 * s.n * s.k), nil
}
func (s storedMatrix) RawRows(_ string, lo, hi int) (tensorfile.DType, []byte, error) {
	if s.fails > 0 && hi > s.fails {
		return "", nil, errTorn
	}
	raw := make([]byte, 0, 4*(hi-lo)*s.k)
	for i := lo * s.k; i < hi*s.k; i++ {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(i)))
	}
	*s.largest, *s.parts = max(*s.largest, len(raw)), *s.parts+1
	return tensorfile.F32, raw, nil
}

// TestPackInParts: a large matrix is never whole beside its packed self, and every row of it is in its place; of a small one, or one
// of long rows, there is one part or a panel at a time.
func TestPackInParts(t *testing.T) {
	for _, c := range []struct{ n, k, parts int }{{1, 1, 1}, {33, 7, 1}, {2 * partBytes / (4 * 400), 400, 3}, {100, partBytes/4/32 + 1, 4}} {
		var largest, parts int
		m, err := pack(storedMatrix{c.n, c.k, 0, &largest, &parts}, "w", c.n, c.k)
		if err != nil {
			t.Fatal(err)
		}
		if most := max(partBytes, 4*kernel.Panel*c.k); largest > most || parts != c.parts {
			t.Errorf("[%d,%d] was read in %d parts, of %d bytes at the most", c.n, c.k, parts, largest)
		}
		row, want := make([]float32, c.k), make([]float32, c.k)
		for i := range c.n {
			m.Row(i, row)
			for j := range want {
				want[j] = float32(i*c.k + j)
			}
			if !slices.Equal(row, want) {
				t.Fatalf("row %d of [%d,%d] is another one", i, c.n, c.k)
			}
		}
		if all, held := storedBytes(storedMatrix{c.n, c.k, 0, &largest, &parts}, "w", []int{c.n, c.k}, true); all != int64(kernel.PackedSize(kernel.F32, c.n, c.k)) || held < min(all, int64(largest)) || held > 2*partBytes {
			t.Errorf("[%d,%d] is said to take %d bytes, and %d while it is read", c.n, c.k, all, held)
		}
	}
}

// TestPackRefuses: a matrix of another size, and one that cannot be read to its end, are errors.
func TestPackRefuses(t *testing.T) {
	var n int
	for name, c := range map[string]struct {
		src  storedMatrix
		want string
	}{
		"too few":  {storedMatrix{31, 8, 0, &n, &n}, fmt.Sprint(31 * 8)},
		"too many": {storedMatrix{33, 8, 0, &n, &n}, fmt.Sprint(33 * 8)},
		"torn":     {storedMatrix{32, 8, 20, &n, &n}, errTorn.Error()},
	} {
		if m, err := pack(c.src, "w", 32, 8); err == nil || m != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v, want %s", name, m, err, c.want)
		}
	}
}
