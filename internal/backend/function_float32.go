package backend

import (
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// The operations on float32 that package kernel has.
var (
	kernelUnary = map[compute.OpType]kernel.UnaryOp{
		compute.OpTypeNeg: kernel.OpNeg, compute.OpTypeAbs: kernel.OpAbs, compute.OpTypeSqrt: kernel.OpSqrt,
		compute.OpTypeRsqrt: kernel.OpRsqrt, compute.OpTypeExp: kernel.OpExp, compute.OpTypeExpm1: kernel.OpExpm1,
		compute.OpTypeLog: kernel.OpLog, compute.OpTypeLog1p: kernel.OpLog1p, compute.OpTypeTanh: kernel.OpTanh,
		compute.OpTypeLogistic: kernel.OpLogistic, compute.OpTypeErf: kernel.OpErf, compute.OpTypeSin: kernel.OpSin,
		compute.OpTypeCos: kernel.OpCos,
	}
	kernelBinary = map[compute.OpType]kernel.BinaryOp{
		compute.OpTypeAdd: kernel.OpAdd, compute.OpTypeSub: kernel.OpSub, compute.OpTypeMul: kernel.OpMul,
		compute.OpTypeDiv: kernel.OpDiv, compute.OpTypeMin: kernel.OpMin, compute.OpTypeMax: kernel.OpMax,
	}
)

// float32Func returns the kernel of an operation; nil where there is none.
func float32Func(op compute.OpType) rowFunc {
	if u, ok := kernelUnary[op]; ok {
		return func(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
			z := slice[float32](dst, n)
			if in[0].step == 1 {
				kernel.Unary(u, z, slice[float32](in[0].p, n))
				return
			}
			if n > 0 {
				kernel.Unary(u, z[:1], slice[float32](in[0].p, 1))
				repeat(z)
			}
		}
	}
	if b, ok := kernelBinary[op]; ok {
		return func(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
			if n == 0 {
				return
			}
			z := slice[float32](dst, n)
			switch x, y := (*float32)(in[0].p), (*float32)(in[1].p); {
			case in[0].step == 1 && in[1].step == 1:
				kernel.Binary(b, z, unsafe.Slice(x, n), unsafe.Slice(y, n))
			case in[0].step == 1:
				kernel.BinaryScalar(b, z, unsafe.Slice(x, n), *y)
			case in[1].step == 1:
				kernel.ScalarBinary(b, z, *x, unsafe.Slice(y, n))
			default:
				kernel.Binary(b, z[:1], unsafe.Slice(x, 1), unsafe.Slice(y, 1))
				repeat(z)
			}
		}
	}
	return nil
}

// repeat puts the first number everywhere.
func repeat(z []float32) {
	for i := range z {
		z[i] = z[0]
	}
}

func softmax32(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
	kernel.Softmax(slice[float32](dst, n), slice[float32](in[0].p, n))
}

func sum32(_ *scratch, _ int, dst unsafe.Pointer, in []operand) {
	*(*float32)(dst) = kernel.Sum(slice[float32](in[0].p, in[0].width))
}

func max32(_ *scratch, _ int, dst unsafe.Pointer, in []operand) {
	*(*float32)(dst) = kernel.Max(slice[float32](in[0].p, in[0].width))
}
