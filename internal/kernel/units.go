package kernel

import "unsafe"

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

// formSize is how many floats the common form of so many columns takes, with a unit more that may be read past the last.
const formSize = (2*mostGroups + 1) * (unitWords + unitParts)

// formEnd returns where what is unpacked at a time ends when it begins with column k.
func formEnd(k, k1 int) int {
	return min((k/groupColumns/mostGroups+1)*mostGroups*groupColumns, k1)
}

// unpack brings the groups of the columns [k0,k1), up to formEnd, of a panel to the common form and returns the units of 16 columns from
// k0 on. What is needed next lies ahead bytes after them; 0: right after them.
func (f Format) unpack(t *kernels, form []float32, panel []byte, k0, k1, ahead int) unpacked {
	words, parts := form[:(2*mostGroups+1)*unitWords], form[(2*mostGroups+1)*unitWords:]
	r := &records[f]
	group := k0 / groupColumns
	rec := panel[group/r.groups*r.size:]
	t.unpack[f](unsafe.SliceData(rec), group%r.groups, (k1+groupColumns-1)/groupColumns-group,
		(*uint32)(unsafe.Pointer(unsafe.SliceData(words))), first(parts))
	skip := k0 % groupColumns / 16
	u := unpacked{units: (k1 - k0) / 16, words: (*uint32)(unsafe.Pointer(first(words[skip*unitWords:]))), parts: first(parts[skip*unitParts:])}
	next := mostGroups / r.groups * r.size
	u.b, u.lines = unsafe.SliceData(rec), (next/64+2*mostGroups-1)/(2*mostGroups)
	if ahead > 0 {
		next = ahead
	}
	if r.groups > 1 { // the record is the whole of what is unpacked at most
		next += k0 / 16 % (2 * mostGroups) * u.lines * 64
	}
	u.ahead = next
	return u
}

// eachUnpacked unpacks the columns [k0,k1) of a panel, a few at a time, and hands over the units of 16 columns from k on.
func (f Format) eachUnpacked(t *kernels, s *Scratch, panel []byte, k0, k1, ahead int, do func(k int, u unpacked)) {
	form := s.take(unitBuffer, formSize)
	for k := k0; k < k1; {
		end := formEnd(k, k1)
		do(k, f.unpack(t, form, panel, k, end, ahead))
		k = end
	}
}

// turnedUnits computes sums[k−k0][l] = Σ_i W[i,k]·g[i][l] of np panels for 16 rows l, or with more adds to each sum where it stopped;
// panel is the first, of size bytes, and those after it.
func (f Format) turnedUnits(s *Scratch, panel []byte, size, np, k0, k1 int, g, sums []float32, more bool) {
	t := inUse()
	const buffers = 2 * 16 * Panel
	form := s.take(unitBuffer, buffers+deep*formSize)
	buffer, forms := form[:buffers], form[buffers:]
	for k := k0; k < k1; {
		end := formEnd(k, k1)
		var u unpacked
		for i := range np {
			v := f.unpack(t, forms[i*formSize:], panel[i*size:], k, end, deep*size)
			if i == 0 {
				u = v
			}
		}
		t.units.widen(1, u.words, u.parts, u.b, 0, 0, first(buffer))
		t.turnedUnits(u.units, np, u.words, u.parts, formSize*4, first(buffer), u.b, size, u.ahead, u.lines, first(g), first(sums[(k-k0)*lane:]), number(more))
		k = end
	}
}

// widenBlocks writes the columns [k0,k1) of a panel: whole records by a kernel for them, where there is one, and the rest by the
// common form.
func (f Format) widenBlocks(t *kernels, s *Scratch, dst []float32, panel []byte, k0, k1, ahead int) {
	from, to := roundUp(k0, groupColumns), k1/groupColumns*groupColumns
	if t.records[f] == nil || from >= to {
		f.widenUnits(t, s, dst, panel, k0, k1, ahead)
		return
	}
	f.widenUnits(t, s, dst, panel, k0, from, ahead)
	r := &records[f]
	rec := panel[from/groupColumns*r.size : to/groupColumns*r.size]
	if ahead == 0 {
		ahead = mostGroups * r.size
	}
	t.records[f]((to-from)/groupColumns, unsafe.SliceData(rec), ahead, first(dst[(from-k0)*Panel:(to-k0)*Panel]))
	if to < k1 {
		f.widenUnits(t, s, dst[(to-k0)*Panel:], panel, to, k1, ahead)
	}
}

// widenUnits does it by the common form.
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
		eachFew(t.units.few, rows, func(kernel unitsFew, row int) {
			kernel(u.units, u.words, u.parts, u.b, u.ahead, u.lines, first(x[row*ldx+k:]), ldx*4, first(y[row*ldy:]), ldy*4)
		})
	})
}
