package kernel

import "unsafe"

//go:generate go run ./gen

// What the assembly has for each purpose. Nothing of it checks bounds; counts are not negative; strides and ahead are in bytes, and ahead
// bytes after b lies what is worth fetching into the second-level cache.
type (
	productKernel func(k int, x *float32, ldx int, b, y *float32, ldy, more, ahead int)
	turnedKernel  func(tiles int, b *float32, stride, np int, g, sums *float32, more, ahead int)
	vectorsKernel func(n int, z, x, y *float32)
	numberKernel  func(n int, z, x *float32, y float32)
	unaryKernel   func(n int, z, x *float32)
	foldKernel    func(n int, x *float32) float32
)

// A turnedTile computes so many columns of W for v·16 rows.
type turnedTile struct {
	columns, v int
	kernel     turnedKernel
}

// binaryKernels are those of one operation: of two vectors, of a vector and a number, of a number and a vector.
type binaryKernels struct {
	vectors                    vectorsKernel
	vectorNumber, numberVector numberKernel
}

// kernels is what there is for one instruction set. See gen for what each computes.
type kernels struct {
	product       []productKernel // by the number of rows
	turned        []turnedTile    // for each v the largest number of columns first, the last 1
	square        int             // rows and columns of a square to transpose
	transpose     func(n int, dst *float32, ldd, dstep int, src *float32, lds, sstep int)
	transposeEdge func(dst *float32, ldd int, src *float32, lds, rows, cols int)
	binary        [binaryOps]binaryKernels
	unary         [unaryOps]unaryKernel // nil: plain Go
	expShifted    func(n int, z, x *float32, shift float32)
	sum, max      foldKernel
	dot           func(n int, x, y *float32) float32

	formatKernels
}

// inUse returns the assembly of the level in use, nil for plain Go.
func inUse() *kernels { return tables[level] }

// first returns the address of a slice's memory, for kernels, also when nothing is in it.
func first(x []float32) *float32 { return unsafe.SliceData(x) }

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
