package backend

import (
	"slices"
	"unsafe"

	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A transfer copies a box of elements between two ways to lie in memory.
type transfer struct {
	size     int   // of an element, in bytes
	dims     []int // the last axis is the inner loop; with turned the last two
	dst, src []int // strides in elements
	turned   bool  // the inner plane is a transposition of float32-sized elements
}

// newTransfer plans to copy dims elements; every destination is written once.
func newTransfer(size int, dims, dst, src []int) *transfer {
	t := &transfer{size: size}
	for i, n := range dims {
		if n == 1 {
			continue
		}
		if l := len(t.dims) - 1; l >= 0 && t.dst[l] == dst[i]*n && t.src[l] == src[i]*n {
			t.dims[l] *= n
			t.dst[l], t.src[l] = dst[i], src[i]
			continue
		}
		t.dims, t.dst, t.src = append(t.dims, n), append(t.dst, dst[i]), append(t.src, src[i])
	}
	if len(t.dims) == 0 {
		t.dims, t.dst, t.src = []int{1}, []int{1}, []int{1}
	}
	last := len(t.dims) - 1
	if t.dst[last] == 1 && t.src[last] != 1 && size == 4 {
		if i := slices.Index(t.src, 1); i >= 0 && t.dst[i] > 0 && t.src[last] > 0 && t.dims[i] > 1 {
			for ; i < last-1; i++ { // the plane comes last
				t.dims[i], t.dims[i+1] = t.dims[i+1], t.dims[i]
				t.dst[i], t.dst[i+1] = t.dst[i+1], t.dst[i]
				t.src[i], t.src[i+1] = t.src[i+1], t.src[i]
			}
			t.turned = true
		}
	}
	return t
}

// inner is how many axes the inner loop takes.
func (t *transfer) inner() int {
	if t.turned {
		return 2
	}
	return 1
}

// outer is how often the inner loop runs.
func (t *transfer) outer() int { return product(t.dims[:len(t.dims)-t.inner()]) }

// run copies the inner loops [from,to).
func (t *transfer) run(dst, src unsafe.Pointer, from, to int) {
	k := len(t.dims) - t.inner()
	last := len(t.dims) - 1
	n := t.dims[last]
	if product(t.dims[k:]) == 0 {
		return
	}
	for i := from; i < to; i++ {
		d, s, rest := 0, 0, i
		for a := k - 1; a >= 0; a-- {
			at := rest % t.dims[a]
			rest /= t.dims[a]
			d += at * t.dst[a]
			s += at * t.src[a]
		}
		to, from := unsafe.Add(dst, d*t.size), unsafe.Add(src, s*t.size)
		switch {
		case t.turned:
			m, ldd, lds := t.dims[k], t.dst[k], t.src[last]
			kernel.Transpose(slice[float32](to, (m-1)*ldd+n), ldd, slice[float32](from, (n-1)*lds+m), lds, n, m)
		case t.dst[last] == 1 && t.src[last] == 1:
			copy(slice[byte](to, n*t.size), slice[byte](from, n*t.size))
		default:
			stride(t.size)(to, from, n, t.dst[last]*t.size, t.src[last]*t.size)
		}
	}
}

// stride returns the loop that copies single elements of a size; strides are in bytes.
func stride(size int) func(dst, src unsafe.Pointer, n, d, s int) {
	switch size {
	case 1:
		return strided[uint8]
	case 2:
		return strided[uint16]
	case 4:
		return strided[uint32]
	}
	return strided[uint64]
}

func strided[T any](dst, src unsafe.Pointer, n, d, s int) {
	for i := range n {
		*(*T)(unsafe.Add(dst, i*d)) = *(*T)(unsafe.Add(src, i*s))
	}
}
