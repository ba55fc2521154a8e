package backend

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

// implemented are the operations that graphs may use; the rest is an error when the graph is built.
var implemented = []compute.OpType{
	compute.OpTypeParameter, compute.OpTypeConstant, compute.OpTypeIdentity, compute.OpTypeOptimizationBarrier, compute.OpTypeSchedulingBarrier,
	compute.OpTypeAbs, compute.OpTypeBitCount, compute.OpTypeBitwiseNot, compute.OpTypeCeil, compute.OpTypeClz, compute.OpTypeCos,
	compute.OpTypeErf, compute.OpTypeExp, compute.OpTypeExpm1, compute.OpTypeFloor, compute.OpTypeIsFinite, compute.OpTypeIsNaN,
	compute.OpTypeLog, compute.OpTypeLog1p, compute.OpTypeLogicalNot, compute.OpTypeLogistic, compute.OpTypeNeg, compute.OpTypeRound,
	compute.OpTypeRsqrt, compute.OpTypeSign, compute.OpTypeSin, compute.OpTypeSqrt, compute.OpTypeTanh,
	compute.OpTypeAdd, compute.OpTypeAtan2, compute.OpTypeBitwiseAnd, compute.OpTypeBitwiseOr, compute.OpTypeBitwiseXor, compute.OpTypeDiv,
	compute.OpTypeLogicalAnd, compute.OpTypeLogicalOr, compute.OpTypeLogicalXor, compute.OpTypeMax, compute.OpTypeMin, compute.OpTypeMul,
	compute.OpTypePow, compute.OpTypeRem, compute.OpTypeSub, compute.OpTypeShiftLeft, compute.OpTypeShiftRightArithmetic,
	compute.OpTypeShiftRightLogical, compute.OpTypeEqual, compute.OpTypeNotEqual, compute.OpTypeGreaterOrEqual,
	compute.OpTypeGreaterThan, compute.OpTypeLessOrEqual, compute.OpTypeLessThan, compute.OpTypeWhere, compute.OpTypeClamp,
	compute.OpTypeConvertDType, compute.OpTypeBitcast, compute.OpTypeReshape, compute.OpTypeTranspose, compute.OpTypeSlice,
	compute.OpTypeReverse, compute.OpTypeBroadcastInDim, compute.OpTypeConcatenate, compute.OpTypePad, compute.OpTypeIota,
	compute.OpTypeReduceSum, compute.OpTypeReduceProduct, compute.OpTypeReduceMax, compute.OpTypeReduceMin, compute.OpTypeReduceBitwiseAnd,
	compute.OpTypeReduceBitwiseOr, compute.OpTypeReduceBitwiseXor, compute.OpTypeReduceLogicalAnd, compute.OpTypeReduceLogicalOr,
	compute.OpTypeReduceLogicalXor, compute.OpTypeArgMinMax, compute.OpTypeFusedSoftmax, compute.OpTypeDot, compute.OpTypeDotGeneral,
	compute.OpTypeGather, compute.OpTypeScatterSum, compute.OpTypeScatterMax, compute.OpTypeScatterMin, compute.OpTypeDynamicSlice,
	compute.OpTypeDynamicUpdateSlice,
}

// Capabilities lists what is implemented, and the types of numbers that can be stored.
func (b *Backend) Capabilities() compute.Capabilities {
	c := compute.Capabilities{Operations: map[compute.OpType]bool{}, DTypes: map[dtypes.DType]bool{}}
	for _, op := range implemented {
		c.Operations[op] = true
	}
	for _, d := range dtypes.DTypeValues() {
		if stored(d) {
			c.DTypes[d] = true
		}
	}
	return c
}
