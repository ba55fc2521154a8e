package main

import (
	"fmt"
	"strings"
)

// A fewTile computes a few rows of a product with a panel that is not float32, or widens the panel: rows is then 0. Some vectors
// across the panel are in work at a time; with each row they are the accumulators.
type fewTile struct {
	*function
	rows, across int
}

// fewRows are the numbers of rows that there are functions for, the smallest first.
func (s *set) fewRows() []int {
	if s.wide() {
		return []int{1, 2, 4, 8, 12, 16}
	}
	return []int{1, 2, 4}
}

func (s *set) fewTile(name, doc string, rows int, from ...param) *fewTile {
	across := panel / s.lanes
	switch {
	case rows == 0:
		return &fewTile{s.define("Widen"+name, doc+" as float32.", append(from, param{"y", pointer})...), 0, across}
	case !s.wide():
		across /= rows // four accumulators, as many as hide the time that a sum takes
	case rows > 8:
		across = 1 // there are registers for as many sums
	}
	return &fewTile{s.define(fmt.Sprintf("Few%s%d", name, rows), fmt.Sprintf("%d rows more of a product with %s.", rows, doc),
		append(from, param{"x", pointer}, param{"ldx", number}, param{"y", pointer}, param{"ldy", number})...), rows, across}
}

// all runs a body for each pass across the panel: between begin and end, for every pass.
func (t *fewTile) all(body func(pass int)) {
	for pass := range panel / t.lanes / t.across {
		if t.rows > 0 {
			t.load(R8, "x")
			t.load(SI, "ldx")
			for i := 1; i < len(t.bases()); i++ {
				t.g("LEAQ", mem{base: rowBases[i-1], index: SI, scale: 2}, rowBases[i])
				t.g("ADDQ", SI, rowBases[i])
			}
		}
		t.load(DI, "y")
		t.sums(pass, t.get)
		body(pass)
		t.load(DI, "y")
		t.sums(pass, func(v vec, m mem) { t.put(m, v) })
	}
	t.end()
}

// rowBases hold the addresses of every third row of x; SI the distance from row to row.
var rowBases = []reg{R8, R9, R10, R11, R14, R15}

// bases are those in use.
func (t *fewTile) bases() []reg { return rowBases[:(t.rows+2)/3] }

// at is column u of a row.
func (t *fewTile) at(row, u int) mem {
	m := at(rowBases[row/3], 4*u)
	if row%3 > 0 {
		m.index, m.scale = SI, row%3
	}
	return m
}

// sums reads or writes the accumulators, which y holds between calls.
func (t *fewTile) sums(pass int, move func(vec, mem)) {
	if t.rows > 1 {
		t.load(AX, "ldy")
	}
	for r := range t.rows {
		for p := range t.across {
			move(t.sum(r, p), at(DI, (pass*t.across+p)*t.bytes()))
		}
		if r < t.rows-1 {
			t.g("ADDQ", AX, DI)
		}
	}
}

func (t *fewTile) sum(row, p int) vec { return t.r(row*t.across + p) }

// step adds the weights v of part p of column u to the sums, or writes them.
func (t *fewTile) step(v vec, p, u int) {
	if t.rows == 0 {
		t.put(at(DI, u*panel*4+p*t.bytes()), v)
		return
	}
	for r := range t.rows {
		if t.wide() {
			t.v("VFMADD231PS.BCST", t.sum(r, p), v, t.at(r, u))
		} else {
			t.v("VFMADD231PS", t.sum(r, p), v, t.x(r))
		}
	}
}

// broadcast brings column u of the rows into registers where instructions do not do it themselves.
func (t *fewTile) broadcast(u int) {
	if t.wide() {
		return
	}
	for r := range t.rows {
		t.v("VBROADCASTSS", t.x(r), t.at(r, u))
	}
}

// x is the register of a row's number.
func (t *fewTile) x(row int) vec { return t.r(t.rows*t.across + row) }

// free is the first register that is neither a sum nor a row's.
func (t *fewTile) free() int {
	if t.wide() {
		return t.rows * t.across
	}
	return t.rows*t.across + t.rows
}

// advance goes on by some columns.
func (t *fewTile) advance(columns int) {
	if t.rows == 0 {
		t.g("ADDQ", imm(columns*panel*4), DI)
	}
	for _, b := range t.bases() {
		t.g("ADDQ", imm(4*columns), b)
	}
}

// fewUnits computes with the common form of the formats of blocks, 16 columns at a time, and with each fetches some lines of what
// lies ahead bytes after b: it takes much longer than unpacking, in which nothing would be left to wait behind.
func fewUnits(s *set, rows int) {
	t := s.fewTile("Units", "bytes, scales and minimums", rows, param{"units", number}, param{"words", wordPointer}, param{"parts", pointer},
		param{"b", bytesPointer}, param{"ahead", number}, param{"lines", number})
	byteOf := func(b int) operand { return symbol(fmt.Sprintf("byte%d", b)) }
	free := t.free()
	take := func(n int) vec { free += n; return t.r(free - n) }
	if t.wide() {
		for b := range 4 {
			v := take(1)
			t.v("VMOVDQU32", v, symbol(fmt.Sprintf("byte%d", b)))
		}
		first := free - 4
		byteOf = func(b int) operand { return t.r(first + b) }
	}
	scale, word := take(t.across).n, take(t.across).n
	minimum := -1
	if t.wide() || free+t.across+2 <= t.registers {
		minimum = take(t.across).n
	}
	temporaries := t.registers - free
	t.all(func(pass int) {
		t.load(R12, "words")
		t.load(R13, "parts")
		t.load(CX, "units")
		t.load(DX, "b")
		t.load(AX, "ahead")
		t.g("ADDQ", AX, DX)
		loop := t.label("loop")
		t.align()
		t.place(loop)
		part := func(p int) int { return (pass*t.across + p) * t.bytes() }
		for p := range t.across {
			t.get(t.r(scale+p), at(R13, part(p)))
			if minimum >= 0 {
				t.get(t.r(minimum+p), at(R13, panel*4+part(p)))
			}
		}
		n := 0
		for c := range 4 {
			for p := range t.across {
				t.v("VMOVDQU"+t.units(), t.r(word+p), at(R12, c*panel*4+part(p)))
			}
			for b := range 4 {
				t.broadcast(4*c + b)
				for p := range t.across {
					v := t.r(free + n%temporaries)
					n++
					t.v("VPSHUFB", v, t.r(word+p), byteOf(b))
					t.v("VCVTDQ2PS", v, v)
					if minimum >= 0 {
						t.v("VFMADD213PS", v, t.r(scale+p), t.r(minimum+p))
					} else {
						t.v("VFMADD213PS", v, t.r(scale+p), at(R13, panel*4+part(p)))
					}
					t.step(v, p, 4*c+b)
				}
			}
		}
		if pass == 0 {
			fetch, fetched := t.label("fetch"), t.label("fetched")
			t.load(BX, "lines")
			t.g("TESTQ", BX, BX)
			t.g("JZ", fetched)
			t.place(fetch)
			t.g("PREFETCHT0", at(DX, 0))
			t.g("ADDQ", imm(64), DX)
			t.g("DECQ", BX)
			t.g("JNZ", fetch)
			t.place(fetched)
		}
		t.g("ADDQ", imm(unitWords), R12)
		t.g("ADDQ", imm(unitParts), R13)
		t.advance(16)
		t.g("DECQ", CX)
		t.g("JNZ", loop)
	})
}

// fewPairs computes with bfloat16, two columns in a word.
func fewPairs(s *set, rows int) {
	t := s.fewTile("Pairs", "bfloat16", rows, param{"pairs", number}, param{"b", bytesPointer}, param{"ahead", number})
	t.unrolled("pairs", "b", 2, panel*4, func(pass, u int) {
		for second := range 2 {
			t.broadcast(2*u + second)
			for p := range t.across {
				v := t.r(t.free() + p)
				word := at(R12, u*panel*4+(pass*t.across+p)*t.bytes())
				t.v("VMOVDQU"+t.units(), v, word)
				if second == 0 {
					t.v("VPSLLD", v, v, imm(16))
				} else {
					t.and(v, v, t.constant(0xffff0000))
				}
				t.step(v, p, 2*u+second)
			}
		}
	})
}

// fewHalves computes with binary16.
func fewHalves(s *set, rows int) {
	t := s.fewTile("Halves", "binary16", rows, param{"k", number}, param{"b", bytesPointer}, param{"ahead", number})
	t.unrolled("k", "b", 1, panel*2, func(pass, u int) {
		t.broadcast(u)
		for p := range t.across {
			v := t.r(t.free() + p)
			t.v("VCVTPH2PS", v, at(R12, u*panel*2+(pass*t.across+p)*t.lanes*2))
			t.step(v, p, u)
		}
	})
}

// unrolled runs a step of some columns, whose weights take size bytes, count times, four at once while there are, and fetches what lies
// ahead bytes further on.
func (t *fewTile) unrolled(count, weights string, columns, size int, step func(pass, u int)) {
	const at4 = 4
	t.all(func(pass int) {
		t.load(R12, weights)
		t.load(CX, count)
		t.load(DX, "ahead")
		loop, rest, tail, done := t.label("loop"), t.label("rest"), t.label("tail"), t.label("done")
		t.g("MOVQ", CX, BX)
		t.g("SHRQ", imm(2), CX)
		t.g("JZ", tail)
		t.align()
		t.place(loop)
		for u := range at4 {
			for line := 0; pass == 0 && line < size; line += 64 {
				t.g("PREFETCHT0", mem{base: R12, offset: u*size + line, index: DX, scale: 1})
			}
			step(pass, u)
		}
		t.g("ADDQ", imm(at4*size), R12)
		t.advance(at4 * columns)
		t.g("DECQ", CX)
		t.g("JNZ", loop)
		t.place(tail)
		t.g("ANDQ", imm(at4-1), BX)
		t.g("JZ", done)
		t.place(rest)
		step(pass, 0)
		t.g("ADDQ", imm(size), R12)
		t.advance(columns)
		t.g("DECQ", BX)
		t.g("JNZ", rest)
		t.place(done)
	})
}

// A byteTable is 16 bytes that VPSHUFB looks up or by.
type byteTable struct {
	symbol symbol
	words  [4]uint32
}

// byteTables are, for each b, where byte b of every word is, to be its highest while the others are zero; and the numbers of IQ4_NL.
var byteTables = func() (tables []byteTable) {
	for b := range 4 {
		t := byteTable{symbol: symbol(fmt.Sprintf("byte%d", b))}
		for i := range t.words {
			t.words[i] = uint32(4*i+b)<<24 | 0x808080
		}
		tables = append(tables, t)
	}
	t := byteTable{symbol: "iq4nl"}
	for i, n := range [16]int8{-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113} {
		t.words[i/4] |= uint32(uint8(n)) << (i % 4 * 8)
	}
	return append(tables, t)
}()

// blocks makes all functions of the formats that are not float32, and returns their part of the Go table.
func (s *set) blocks() string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format, args...) }
	say("formatKernels: formatKernels{\nunpack: [formats]unpackKernel{\n")
	for _, b := range blockFormats {
		unpack(s, b)
		say("%s: %sUnpack%s,\n", b.name, s.name, b.name)
	}
	say("},\n")
	for _, form := range []struct {
		field, kind, name string
		make              func(*set, int)
		rows              map[string]int // up to which, as measured, widening costs more
	}{
		{"units", "units", "Units", fewUnits, map[string]int{"AVX512": 16, "AVX2": 4}},
		{"pairs", "narrow", "Pairs", fewPairs, map[string]int{"AVX512": 16, "AVX2": 6}},
		{"halves", "narrow", "Halves", fewHalves, map[string]int{"AVX512": 16, "AVX2": 6}},
	} {
		form.make(s, 0)
		say("%s: %sKernels{rows: %d, widen: %sWiden%s, few: []fewRows[%sFew]{", form.field, form.kind, form.rows[s.level], s.name, form.name, form.kind)
		for _, rows := range s.fewRows() {
			form.make(s, rows)
			say("{%d, %sFew%s%d}, ", rows, s.name, form.name, rows)
		}
		say("}},\n")
	}
	if s.wide() {
		say("records: [formats]recordsKernel{\n")
		for _, b := range blockFormats {
			if b.nibbles() {
				widenNibbles(s, b)
				say("%s: %sWidenRecords%s,\n", b.name, s.name, b.name)
			}
		}
		say("},\n")
		turnedUnits(s)
		say("turnedUnits: %sTurnedUnits,\n", s.name)
	}
	say("},\n")
	return out.String()
}
