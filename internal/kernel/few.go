package kernel

import "unsafe"

// What the assembly has for formats that are not float32. Strides are in bytes.
type (
	// unpackKernel brings n groups to the common form of the formats of blocks: of a record from group s on, or of n records that
	// are one group each.
	unpackKernel func(rec *byte, s, n int, words *uint32, parts *float32)

	unitsFew  func(units int, words *uint32, parts *float32, b *byte, ahead, lines int, x *float32, ldx int, y *float32, ldy int)
	narrowFew func(count int, b *byte, ahead int, x *float32, ldx int, y *float32, ldy int)
)

// formatKernels are those of an instruction set; few are of 1, 2 and 4 rows.
type formatKernels struct {
	unpack [formats]unpackKernel
	units  unitsKernels  // of the common form, 16 columns at a time
	pairs  narrowKernels // of bfloat16, 2 columns
	halves narrowKernels // of binary16
}

type unitsKernels struct {
	rows  int // up to how many rows a product takes numbers as they are stored: for more it costs less to widen them once
	widen func(units int, words *uint32, parts *float32, b *byte, ahead, lines int, y *float32)
	few   [3]unitsFew
}

type narrowKernels struct {
	rows  int
	widen func(count int, b *byte, ahead int, y *float32)
	few   [3]narrowFew
}

// eachFew splits rows into 4, 2 and 1; which is the number of the kernel.
func eachFew(rows int, do func(which, row int)) {
	for row := 0; row < rows; {
		switch left := rows - row; {
		case left >= 4:
			do(2, row)
			row += 4
		case left >= 2:
			do(1, row)
			row += 2
		default:
			do(0, row)
			row++
		}
	}
}

// nearColumns is how many columns of 16 bits are taken for all rows before the next: 32 KiB, which stay near until the last row.
const nearColumns = 512

// furtherOn is how far ahead of itself a panel of 16-bit numbers is fetched, in bytes.
const furtherOn = 4096

// clearRows sets y[rows,32] to zero.
func clearRows(y []float32, ldy, rows int) {
	for r := range rows {
		clear(y[r*ldy:][:Panel])
	}
}

// Floats of 16 columns in the common form.
const (
	unitWords = 4 * Panel
	unitParts = 2 * Panel
)

// mostGroups is how many groups are in the common form at a time: a record of eight, 12 KiB.
const mostGroups = 8

// unpacked are units of 16 columns in the common form, and the lines of 64 bytes to fetch with each from where the next ones are stored.
type unpacked struct {
	units        int
	words        *uint32
	parts        *float32
	b            *byte
	ahead, lines int
}

// eachUnpacked brings the groups of the columns [k0,k1) of a panel to the common form, a few at a time, and hands over the units of
// 16 columns from k on. What is needed next lies ahead bytes after them; 0: right after them.
func (f Format) eachUnpacked(t *kernels, s *Scratch, panel []byte, k0, k1, ahead int, do func(k int, u unpacked)) {
	form := s.take(unitBuffer, 2*mostGroups*(unitWords+unitParts))
	words, parts := form[:2*mostGroups*unitWords], form[2*mostGroups*unitWords:]
	r := &records[f]
	for k := k0; k < k1; {
		group := k / groupColumns
		end := min((group/mostGroups+1)*mostGroups*groupColumns, k1)
		rec := panel[group/r.groups*r.size:]
		t.unpack[f](unsafe.SliceData(rec), group%r.groups, (end+groupColumns-1)/groupColumns-group,
			(*uint32)(unsafe.Pointer(unsafe.SliceData(words))), first(parts))
		skip := k % groupColumns / 16
		u := unpacked{units: (end - k) / 16, words: (*uint32)(unsafe.Pointer(first(words[skip*unitWords:]))), parts: first(parts[skip*unitParts:])}
		next := mostGroups / r.groups * r.size
		u.b, u.lines = unsafe.SliceData(rec), (next/64+2*mostGroups-1)/(2*mostGroups)
		if ahead > 0 {
			next = ahead
		}
		if r.groups > 1 { // the record is the whole of what is unpacked at most
			next += k / 16 % (2 * mostGroups) * u.lines * 64
		}
		u.ahead = next
		do(k, u)
		k = end
	}
}

// widenUnits writes the columns [k0,k1) of a panel.
func (f Format) widenUnits(t *kernels, s *Scratch, dst []float32, panel []byte, k0, k1, ahead int) {
	f.eachUnpacked(t, s, panel, k0, k1, ahead, func(k int, u unpacked) {
		t.units.widen(u.units, u.words, u.parts, u.b, u.ahead, u.lines, first(dst[(k-k0)*Panel:]))
	})
}

// fewUnits computes y[rows,32] = x[rows,k]·panelᵀ.
func (f Format) fewUnits(s *Scratch, panel []byte, rows, k int, x []float32, ldx int, y []float32, ldy int) {
	t := inUse()
	clearRows(y, ldy, rows)
	f.eachUnpacked(t, s, panel, 0, k, 0, func(k int, u unpacked) {
		eachFew(rows, func(which, row int) {
			t.units.few[which](u.units, u.words, u.parts, u.b, u.ahead, u.lines, first(x[row*ldx+k:]), ldx*4, first(y[row*ldy:]), ldy*4)
		})
	})
}
