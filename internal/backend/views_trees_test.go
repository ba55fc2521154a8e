package backend

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// converted goes through numbers of another size, or the same bits as others, and back.
func (g *forest) converted(dims []int, depth int) tree {
	x, y := g.value(dims, depth-1), g.value(g.ones(dims), depth-1)
	if g.r.IntN(3) == 0 && g.dtype != dtypes.Float64 {
		return func(b *building32, in []compute.Value) compute.Value {
			bits := b.do(b.f.Bitcast(x(b, in), dtypes.Uint32))
			return b.do(b.f.Bitcast(b.do(b.f.BitwiseNot(b.do(b.f.BitwiseNot(bits)))), g.dtype))
		}
	}
	other := []dtypes.DType{dtypes.Float64, dtypes.Int64, dtypes.Int32, dtypes.Float32}[g.r.IntN(4)]
	return func(b *building32, in []compute.Value) compute.Value {
		to := func(v compute.Value, d dtypes.DType) compute.Value { return b.do(b.f.ConvertDType(v, d)) }
		return to(b.do(b.f.Sub(to(x(b, in), other), to(y(b, in), other))), g.dtype)
	}
}

func (g *forest) slice(dims []int, depth int) tree {
	from, start, limit, step := make([]int, len(dims)), make([]int, len(dims)), make([]int, len(dims)), ones(len(dims))
	for i, d := range dims {
		if g.r.IntN(2) == 0 {
			step[i] = 1 + g.r.IntN(2)
			start[i] = g.r.IntN(3)
		}
		limit[i] = start[i] + (d-1)*step[i] + 1
		from[i] = limit[i]
		if g.r.IntN(2) == 0 {
			from[i] += g.r.IntN(3)
		}
	}
	x := g.value(from, depth-1)
	return func(b *building32, in []compute.Value) compute.Value {
		return b.do(b.f.Slice(x(b, in), start, limit, step))
	}
}

func (g *forest) broadcast(dims []int, depth int) tree {
	axes := g.some(upTo(len(dims)))
	x := g.value(g.ones(pick(dims, axes)), depth-1)
	to := shapes.Make(g.dtype, dims...)
	return func(b *building32, in []compute.Value) compute.Value {
		return b.do(b.f.BroadcastInDim(x(b, in), to, axes))
	}
}

func (g *forest) reduced(dims []int, depth int) tree {
	from := slices.Clone(dims)
	var axes []int
	for range 1 + g.r.IntN(2) {
		a := g.r.IntN(len(from) + 1)
		for i := range axes {
			if axes[i] >= a {
				axes[i]++
			}
		}
		from, axes = slices.Insert(from, a, g.sizes[g.r.IntN(len(g.sizes))]), append(axes, a)
	}
	if product(from) > 20_000 {
		return g.leaf(dims)
	}
	x := g.value(from, depth-1)
	if g.r.IntN(2) == 0 {
		return func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.ReduceMax(x(b, in), axes...)) }
	}
	return g.bounded(func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.ReduceSum(x(b, in), axes...)) })
}

func (g *forest) joined(dims []int, depth int) tree {
	if len(dims) == 0 {
		return g.leaf(dims)
	}
	axis := g.r.IntN(len(dims))
	var parts []tree
	for left := dims[axis]; left > 0; {
		part := slices.Clone(dims)
		part[axis] = 1 + g.r.IntN(left)
		left -= part[axis]
		parts = append(parts, g.value(part, depth-1))
	}
	return func(b *building32, in []compute.Value) compute.Value {
		var all []compute.Value
		for _, p := range parts {
			all = append(all, p(b, in))
		}
		return b.do(b.f.Concatenate(axis, all...))
	}
}

// dot has these dimensions as those of a batch, of the left factor and of the right one, whose axes lie in any order.
func (g *forest) dot(dims []int, depth int) tree {
	batch := g.r.IntN(len(dims) + 1)
	left := batch + g.r.IntN(len(dims)-batch+1)
	sum := g.dims(g.r.IntN(3))
	factor := func(rest []int) (x tree, batchAxes, sumAxes []int) {
		all := slices.Concat(dims[:batch], sum, rest)
		order, inverse := g.perm(len(all))
		slices.Sort(inverse[batch+len(sum):]) // what stays, stays in order
		for i, a := range inverse {
			order[a] = i
		}
		if product(all) > 20_000 {
			return g.leaf(pick(all, order)), inverse[:batch], inverse[batch:][:len(sum)]
		}
		return g.value(pick(all, order), depth-1), inverse[:batch], inverse[batch:][:len(sum)]
	}
	x, lb, lc := factor(dims[batch:left])
	y, rb, rc := factor(dims[left:])
	return g.bounded(func(b *building32, in []compute.Value) compute.Value {
		return b.do(b.f.DotGeneral(x(b, in), lc, lb, y(b, in), rc, rb, compute.DotGeneralConfig{}))
	})
}

// bounded keeps sums small, so that none is rounded.
func (g *forest) bounded(x tree) tree {
	constant := func(v int) any {
		switch g.dtype {
		case dtypes.Int32:
			return as[int32]([]int{v})
		case dtypes.Float64:
			return as[float64]([]int{v})
		}
		return as[float32]([]int{v})
	}
	if g.r.IntN(2) == 0 {
		return x
	}
	return func(b *building32, in []compute.Value) compute.Value {
		return b.do(b.f.Max(b.do(b.f.Min(x(b, in), b.do(b.f.Constant(constant(5))))), b.do(b.f.Constant(constant(-5)))))
	}
}
