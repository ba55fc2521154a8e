package backend

import (
	"unsafe"
)

// An operand is where a function finds its numbers.
type operand struct {
	p     unsafe.Pointer
	step  int // 1, or 0 where one number stands for all
	width int // how many numbers there are
}

// A rowFunc computes n numbers at dst from operands. dst may be where an operand of step 1 begins, but not overlap it otherwise.
type rowFunc func(s *scratch, n int, dst unsafe.Pointer, in []operand)

func slice[T any](p unsafe.Pointer, n int) []T { return unsafe.Slice((*T)(p), n) }

// map1 applies a function of one number.
func map1[T, U any](f func(T) U) rowFunc {
	return func(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
		z := slice[U](dst, n)
		if in[0].step == 0 {
			v := f(*(*T)(in[0].p))
			for i := range z {
				z[i] = v
			}
			return
		}
		for i, x := range slice[T](in[0].p, n) {
			z[i] = f(x)
		}
	}
}

// map2 applies a function of two numbers.
func map2[T, U any](f func(x, y T) U) rowFunc {
	return func(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
		z := slice[U](dst, n)
		if n == 0 {
			return
		}
		switch x, y := (*T)(in[0].p), (*T)(in[1].p); {
		case in[0].step == 1 && in[1].step == 1:
			ys := unsafe.Slice(y, n)
			for i, x := range unsafe.Slice(x, n) {
				z[i] = f(x, ys[i])
			}
		case in[0].step == 1:
			y := *y
			for i, x := range unsafe.Slice(x, n) {
				z[i] = f(x, y)
			}
		case in[1].step == 1:
			x := *x
			for i, y := range unsafe.Slice(y, n) {
				z[i] = f(x, y)
			}
		default:
			v := f(*x, *y)
			for i := range z {
				z[i] = v
			}
		}
	}
}

// where takes numbers of the second operand where the first is true, else of the third.
func where[T any](_ *scratch, n int, dst unsafe.Pointer, in []operand) {
	z := slice[T](dst, n)
	for i := range z {
		from := in[2]
		if *(*bool)(unsafe.Add(in[0].p, i*in[0].step)) {
			from = in[1]
		}
		z[i] = *(*T)(unsafe.Add(from.p, i*from.step*int(unsafe.Sizeof(z[0]))))
	}
}

// fill copies numbers, or one number to all places.
func fill[T any](_ *scratch, n int, dst unsafe.Pointer, in []operand) {
	z := slice[T](dst, n)
	if in[0].step == 1 {
		copy(z, slice[T](in[0].p, n))
		return
	}
	for i := range z {
		z[i] = *(*T)(in[0].p)
	}
}

// bySize chooses the function for elements of a size in bytes: it matters to whoever only moves them.
func bySize(size int, f1, f2, f4, f8 rowFunc) rowFunc {
	switch size {
	case 1:
		return f1
	case 2:
		return f2
	case 4:
		return f4
	}
	return f8
}

func whereOf(size int) rowFunc {
	return bySize(size, where[uint8], where[uint16], where[uint32], where[uint64])
}
func fillOf(size int) rowFunc {
	return bySize(size, fill[uint8], fill[uint16], fill[uint32], fill[uint64])
}

// join puts its operands behind one another.
func joinOf(size int) rowFunc {
	return func(_ *scratch, _ int, dst unsafe.Pointer, in []operand) {
		for _, x := range in {
			copy(slice[byte](dst, x.width*size), slice[byte](x.p, x.width*size))
			dst = unsafe.Add(dst, x.width*size)
		}
	}
}
