package main

import "fmt"

// panel is the number of outputs that lie side by side.
const panel = 32

// productRows is the largest number of rows of a tile.
func (s *set) productRows() int {
	if s.wide() {
		return 14
	}
	return 6
}

// product writes y[rows,32] = x[rows,k]·b, or with more y += x·b, for a panel b [k][32]: a row and a part of the panel are the
// accumulators of one chain of FMAs each. ahead bytes after b lies what is fetched into the second-level cache meanwhile.
func product(s *set, rows int) {
	f := s.define(fmt.Sprintf("Product%d", rows), fmt.Sprintf("%d rows of a product with a panel.", rows),
		param{"k", number}, param{"x", pointer}, param{"ldx", number}, param{"b", pointer}, param{"y", pointer}, param{"ldy", number},
		param{"more", number}, param{"ahead", number})
	across := panel / s.lanes // vectors of the panel in one pass
	if !s.wide() && rows > 3 {
		across = 2
	}
	t := productTile{function: f, rows: rows, across: across}
	t.load(R11, "b")
	t.load(DI, "y")
	t.load(SI, "ldy")
	t.load(DX, "ahead")
	t.g("ADDQ", R11, DX)
	passes := panel / s.lanes / across
	for pass := range passes {
		t.pass(pass)
	}
	t.end()
}

type productTile struct {
	*function
	rows, across int
}

// bases hold the addresses of every third row of x.
var bases = []reg{R8, R10, R12, R13, R14}

func (t *productTile) accumulator(row, part int) vec { return t.r(row*t.across + part) }

// x is element u of a row.
func (t *productTile) x(row, u int) mem {
	m := at(bases[row/3], 4*u)
	if row%3 > 0 {
		m.index, m.scale = R9, row%3
	}
	return m
}

// pass computes the outputs of one part of the panel.
func (t *productTile) pass(pass int) {
	const unrolled = 4
	t.load(CX, "k")
	t.load(R8, "x")
	t.load(R9, "ldx")
	t.load(AX, "more")
	used := (t.rows + 2) / 3
	for i := 1; i < used; i++ {
		t.g("LEAQ", mem{base: bases[i-1], index: R9, scale: 2}, bases[i])
		t.g("ADDQ", R9, bases[i])
	}
	if pass > 0 {
		t.load(R11, "b")
		t.load(DI, "y")
	}
	t.begin(pass)
	whole, rest, tail, done := t.label("whole"), t.label("rest"), t.label("tail"), t.label("done")
	t.g("MOVQ", CX, BX)
	t.g("SHRQ", imm(2), CX)
	t.g("JZ", tail)
	t.align()
	t.place(whole)
	for u := range unrolled {
		t.step(pass, u)
	}
	t.advance(used, unrolled)
	t.g("DECQ", CX)
	t.g("JNZ", whole)
	t.place(tail)
	t.g("ANDQ", imm(unrolled-1), BX)
	t.g("JZ", done)
	t.place(rest)
	t.step(pass, 0)
	t.advance(used, 1)
	t.g("DECQ", BX)
	t.g("JNZ", rest)
	t.place(done)
	for r := range t.rows {
		for p := range t.across {
			t.put(at(DI, t.part(pass, p)), t.accumulator(r, p))
		}
		if r < t.rows-1 {
			t.g("ADDQ", SI, DI)
		}
	}
}

// part is where a vector lies in a panel's row, in bytes.
func (t *productTile) part(pass, p int) int { return (pass*t.across + p) * t.bytes() }

// begin sets the sums to zero, or to y.
func (t *productTile) begin(pass int) {
	fresh, ready := t.label("fresh"), t.label("ready")
	t.g("TESTQ", AX, AX)
	t.g("JZ", fresh)
	t.g("MOVQ", DI, BX)
	for r := range t.rows {
		for p := range t.across {
			t.get(t.accumulator(r, p), at(BX, t.part(pass, p)))
		}
		t.g("ADDQ", SI, BX)
	}
	t.g("JMP", ready)
	t.place(fresh)
	for r := range t.rows {
		for p := range t.across {
			t.zero(t.accumulator(r, p))
		}
	}
	t.place(ready)
}

// step adds one k.
func (t *productTile) step(pass, u int) {
	const near = 768 // bytes ahead in the panel
	b := func(p int) mem { return at(R11, u*panel*4+t.part(pass, p)) }
	if pass == 0 {
		for l := range t.fetched() {
			t.g("PREFETCHT1", at(DX, (u*t.fetched()+l)*64))
		}
	}
	if t.rows >= 4 {
		for p := 0; p < t.across; p += 64 / t.bytes() {
			t.g("PREFETCHT0", at(R11, u*panel*4+t.part(pass, p)+near))
		}
	}
	sums := t.rows * t.across
	if sums+t.across < t.registers { // the panel's vectors in registers, rows broadcast one by one
		for p := range t.across {
			t.v("VMOVUPS", t.r(t.registers-1-p), b(p))
		}
		free := t.registers - sums - t.across
		for row := range t.rows {
			x := t.r(sums + row%free)
			t.v("VBROADCASTSS", x, t.x(row, u))
			for p := range t.across {
				t.v("VFMADD231PS", t.accumulator(row, p), x, t.r(t.registers-1-p))
			}
		}
		return
	}
	for row := range t.rows { // the rows in registers, the panel's vectors one by one
		t.v("VBROADCASTSS", t.r(sums+row), t.x(row, u))
	}
	for p := range t.across {
		v := t.r(t.registers - 1)
		t.v("VMOVUPS", v, b(p))
		for row := range t.rows {
			t.v("VFMADD231PS", t.accumulator(row, p), t.r(sums+row), v)
		}
	}
}

// fetched is how many lines of what comes next are fetched a step: few rows pass over the panel fast.
func (t *productTile) fetched() int {
	if t.rows <= 7 {
		return 2
	}
	return 1
}

func (t *productTile) advance(used, steps int) {
	for _, b := range bases[:used] {
		t.g("ADDQ", imm(4*steps), b)
	}
	t.g("ADDQ", imm(panel*4*steps), R11)
	t.g("ADDQ", imm(64*t.fetched()*steps), DX)
}
