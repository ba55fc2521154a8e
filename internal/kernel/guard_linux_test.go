package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// A fence is memory between two pages that may not be touched.
type fence struct{ all, inside []byte }

func newFence(t *testing.T, floats int) *fence {
	t.Helper()
	page := os.Getpagesize()
	inside := (floats*4 + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, inside+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(all) })
	for _, guard := range [][]byte{all[:page], all[page+inside:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return &fence{all, all[page:][:inside]}
}

// take returns a copy of x that ends where the memory ends, or begins where it begins.
func (f *fence) take(x []float32, atEnd bool) []float32 {
	at := 0
	if atEnd {
		at = len(f.inside) - 4*len(x)
	}
	y := unsafe.Slice((*float32)(unsafe.Pointer(&f.inside[at:][:1][0])), len(x))
	copy(y, x)
	return y[:len(x):len(x)]
}

// fences hands out fences in turn.
type fences struct {
	list  []*fence
	next  int
	atEnd bool
}

func (f *fences) take(x []float32) []float32 {
	if len(x) == 0 {
		return nil
	}
	f.next++
	return f.list[f.next%len(f.list)].take(x, f.atEnd)
}

// within fails the test where f touches a guard page.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%s: %v", what, r)
		}
	}()
	f()
}

// TestFence: the guard pages do guard.
func TestFence(t *testing.T) {
	f := newFence(t, 10)
	for _, offset := range []int{-4, len(f.inside)} {
		caught := func() (yes bool) {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			defer func() { yes = recover() != nil }()
			*(*float32)(unsafe.Add(unsafe.Pointer(&f.inside[0]), offset)) = 1
			return false
		}()
		if !caught {
			t.Error("nothing guards at", offset)
		}
	}
}

// TestNothingOutside: every kernel with every operand against a guard page, at its end and at its beginning.
func TestNothingOutside(t *testing.T) {
	f := &fences{}
	for range 4 {
		f.list = append(f.list, newFence(t, 70*70))
	}
	eachLevel(t, func(t *testing.T) {
		for _, atEnd := range []bool{true, false} {
			f.atEnd = atEnd
			t.Run(fmt.Sprint("end ", atEnd), func(t *testing.T) {
				vectorsInside(t, f)
				transposesInside(t, f)
				productsInside(t, f)
			})
		}
	})
}

func vectorsInside(t *testing.T, f *fences) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 150 {
		x, y, z := f.take(numbers(r, n)), f.take(numbers(r, n)), f.take(numbers(r, n))
		for op := range binaryOps {
			within(t, fmt.Sprint("binary ", op, " of ", n), func() {
				Binary(op, z, x, y)
				BinaryScalar(op, z, x, 2)
				ScalarBinary(op, z, 2, y)
			})
		}
		for op := range unaryOps {
			within(t, fmt.Sprint("unary ", op, " of ", n), func() { Unary(op, z, x) })
		}
		within(t, fmt.Sprint("sum of ", n), func() { Sum(x) })
		within(t, fmt.Sprint("max of ", n), func() { Max(x) })
		within(t, fmt.Sprint("dot of ", n), func() { Dot(x, y) })
		within(t, fmt.Sprint("softmax of ", n), func() { Softmax(z, x) })
	}
}

func transposesInside(t *testing.T, f *fences) {
	t.Helper()
	for rows := 1; rows < 40; rows++ {
		for cols := 1; cols < 40; cols++ {
			src, dst := f.take(make([]float32, rows*cols)), f.take(make([]float32, rows*cols))
			within(t, fmt.Sprint("transpose ", rows, cols), func() { Transpose(dst, rows, src, cols, rows, cols) })
		}
	}
}

func productsInside(t *testing.T, f *fences) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	for rows := 1; rows < 40; rows++ {
		n, k := 1+r.IntN(69), 1+r.IntN(69)
		m := pack(t, n, k, numbers(r, n*k))
		x, y := f.take(numbers(r, rows*k)), f.take(numbers(r, rows*n))
		var s Scratch
		var gt Packed
		gt.Resize(rows, n)
		what := fmt.Sprint([]int{rows, n, k})
		within(t, "forward "+what, func() { m.Forward(&s, rows, x, k, y, n, 0, m.Panels()) })
		within(t, "pack rows "+what, func() { gt.PackRows(y, n, 0, n) })
		within(t, "backward "+what, func() { m.Backward(&s, rows, &gt, x, k, 0, k) })
		within(t, "row "+what, func() { m.Row(n-1, x[:k]) })
		var o Operand
		o.Resize(k, n)
		b := f.take(numbers(r, n*k))
		within(t, "operand "+what, func() {
			o.PackNK(b, k, 0, o.Panels())
			o.PackKN(b, n, 0, o.Panels())
			o.NN(&s, rows, k, x, k, y, n, false, 0, o.Panels())
		})
	}
}
