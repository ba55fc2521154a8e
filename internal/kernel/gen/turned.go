package main

import "fmt"

// A turnedShape is a tile of a turned product: so many columns of W by so many vectors of rows.
type turnedShape struct{ columns, vectors int }

// turnedShapes lists the tiles of a set, for each number of vectors the largest first. Any number of columns is a sum of them.
func (s *set) turnedShapes() []turnedShape {
	if s.wide() {
		return []turnedShape{
			{24, 1}, {16, 1}, {8, 1}, {4, 1}, {2, 1}, {1, 1},
			{12, 2}, {8, 2}, {4, 2}, {2, 2}, {1, 2},
			{8, 3}, {4, 3}, {2, 3}, {1, 3},
		}
	}
	return []turnedShape{{6, 2}, {4, 2}, {2, 2}, {1, 2}}
}

// turned writes sums[k][l] = Σ_i b[i/32][k][i%32]·rows[i][l], or with more adds to sums, for tiles·columns k, np panels of b with
// stride bytes from one to the next, and one block of lanes l: the weights are broadcast, the rows are the lanes. ahead bytes
// after b lies what is fetched into the second-level cache meanwhile; 0: nothing.
func turned(s *set, shape turnedShape) {
	const unrolled = 4
	f := s.define(fmt.Sprintf("Turned%dx%d", shape.columns, shape.vectors),
		fmt.Sprintf("%d columns of a turned product for %d rows, tiles times.", shape.columns, shape.vectors*s.lanes),
		param{"tiles", number}, param{"b", pointer}, param{"stride", number}, param{"np", number}, param{"rows", pointer}, param{"sums", pointer},
		param{"more", number}, param{"ahead", number})
	sum := func(k, x int) vec { return f.r(k*shape.vectors + x) }
	sums := shape.columns * shape.vectors
	f.load(CX, "tiles")
	f.load(R8, "b")
	f.load(R13, "stride")
	f.load(R11, "rows")
	f.load(DI, "sums")
	f.load(AX, "more")
	f.load(DX, "ahead")

	tile, fresh, ready, next, loop := f.label("tile"), f.label("fresh"), f.label("ready"), f.label("panel"), f.label("loop")
	f.place(tile)
	f.g("TESTQ", AX, AX)
	f.g("JZ", fresh)
	for i := range sums {
		f.v("VMOVUPS", f.r(i), at(DI, i*f.bytes()))
	}
	f.g("JMP", ready)
	f.place(fresh)
	for i := range sums {
		f.zero(f.r(i))
	}
	f.place(ready)
	f.load(R9, "np")
	f.g("MOVQ", R11, R12)
	f.g("MOVQ", R8, SI)
	f.place(next)
	f.g("MOVQ", imm(panel/unrolled), BX)
	f.g("LEAQ", at(SI, shape.columns*panel*4), R10)
	f.g("LEAQ", mem{base: SI, index: DX, scale: 1}, R14)
	f.g("MOVQ", SI, R15)
	f.align()
	f.place(loop)
	lines := (shape.columns*panel*4/64 + panel/unrolled - 1) / (panel / unrolled) // of the tile, an iteration
	for u := range unrolled {
		for x := range shape.vectors {
			f.v("VMOVUPS", f.r(f.registers-1-x), at(R12, (u*shape.vectors+x)*f.bytes()))
		}
		for l := range lines {
			if l%unrolled == u {
				f.g("PREFETCHT1", at(R14, l*64))
				if shape.vectors > 1 {
					f.g("PREFETCHT0", at(R10, l*64))
				}
			}
		}
		for k := range shape.columns {
			weight := at(R15, k*panel*4+u*4)
			if shape.vectors == 1 {
				f.v("VFMADD231PS.BCST", sum(k, 0), f.r(f.registers-1), weight)
				continue
			}
			free := f.registers - shape.vectors - sums
			w := f.r(sums + k%free)
			f.v("VBROADCASTSS", w, weight)
			for x := range shape.vectors {
				f.v("VFMADD231PS", sum(k, x), f.r(f.registers-1-x), w)
			}
		}
	}
	f.g("ADDQ", imm(4*unrolled), R15)
	f.g("ADDQ", imm(f.bytes()*shape.vectors*unrolled), R12)
	f.g("ADDQ", imm(64*lines), R10)
	f.g("ADDQ", imm(64*lines), R14)
	f.g("DECQ", BX)
	f.g("JNZ", loop)
	f.g("ADDQ", R13, SI)
	f.g("DECQ", R9)
	f.g("JNZ", next)
	for i := range sums {
		f.v("VMOVUPS", at(DI, i*f.bytes()), f.r(i))
	}
	f.g("ADDQ", imm(shape.columns*panel*4), R8)
	f.g("ADDQ", imm(sums*f.bytes()), DI)
	f.g("DECQ", CX)
	f.g("JNZ", tile)
	f.end()
}
