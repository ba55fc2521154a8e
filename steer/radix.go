package steer

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// magnitude orders numbers by |v|: without their sign, the bits of a float32 rise as the number does.
func magnitude(v float32) uint32 { return math.Float32bits(v) &^ (1 << 31) }

// coarse is the highest eleven bits of a magnitude: its exponent and three bits of its fraction.
func coarse(m uint32) uint32 { return m >> coarseShift }

const (
	coarseShift  = 20
	coarseValues = 1 << (31 - coarseShift)
)

// selector finds the largest of rows. It keeps its memory from one row to the next.
type selector struct {
	count [coarseValues]uint32
	at    []int32
	tight []uint32
}

// largest returns the indices of the k largest |row|, 1 ≤ k ≤ len(row), ties to the lower index, in rising order. The
// slice is valid until the next call. Numbers are counted by their highest bits, and only those that share the highest
// bits of the k-th are looked at closer.
func (s *selector) largest(row []float32, k int) []int32 {
	clear(s.count[:])
	for _, v := range row {
		s.count[coarse(magnitude(v))]++
	}
	b, left := uint32(coarseValues-1), k
	for ; b > 0 && int(s.count[b]) < left; b-- {
		left -= int(s.count[b])
	}
	s.at, s.tight = s.at[:0], s.tight[:0]
	for i, v := range row {
		if m := magnitude(v); coarse(m) >= b {
			s.at = append(s.at, int32(i))
			if coarse(m) == b {
				s.tight = append(s.tight, m)
			}
		}
	}
	least, ties := kth(s.tight, left, b<<coarseShift)
	kept := s.at[:0]
	for _, i := range s.at {
		m := magnitude(row[i])
		if m == least {
			ties--
		}
		if m > least || (m == least && ties >= 0) {
			kept = append(kept, i)
		}
	}
	return kept
}

// kth returns the k-th largest of ms, 1 ≤ k ≤ len(ms), which all have the highest bits given, and how many that are equal
// to it are among the k largest. It is a radix selection: eight bits at a time, the highest first.
func kth(ms []uint32, k int, highest uint32) (least uint32, left int) {
	least, left = highest, k
	for shift := 16; shift >= 0; shift -= 8 {
		var count [256]int
		for _, m := range ms {
			if m>>(shift+8) == least>>(shift+8) {
				count[m>>shift&255]++
			}
		}
		digit := 255
		for ; digit > 0 && count[digit] < left; digit-- {
			left -= count[digit]
		}
		least = least&^(255<<shift) | uint32(digit)<<shift
	}
	return least, left
}

// sortKey is a magnitude to sort by with its place in an array.
type sortKey struct {
	key uint64 // the bits of |score| as a float64, which rise as the number does
	at  uint32
}

func key(score float64, at int) sortKey {
	return sortKey{math.Float64bits(math.Abs(score)), uint32(at)}
}

// strength returns the magnitude.
func (e sortKey) strength() float64 { return math.Float64frombits(e.key) }

// coarse is the same eleven bits of a float64, which has 896 more as its exponent.
func (e sortKey) coarse() uint32 {
	return uint32(min(max(int64(e.key>>(52-3))-896*8, 0), coarseValues-1))
}

// radixBits is how many bits one pass of sortKeys looks at: 2048 counters stay in the nearest cache.
const radixBits = 11

// sortKeys sorts by falling key, equal keys by rising place where the list is in the order of places. It is a radix sort
// from the lowest bits up that skips bits in which no key differs.
func sortKeys(list []sortKey) []sortKey {
	if len(list) < 64 { // too few for the counters to pay
		slices.SortStableFunc(list, func(a, b sortKey) int { return cmp.Compare(b.key, a.key) })
		return list
	}
	if len(list) >= manyKeys {
		return sortMany(list)
	}
	return radixSort(list, make([]sortKey, len(list)))
}

// manyKeys is from how many keys on a second processor pays.
const manyKeys = 1 << 15

// sortMany is sortKeys on all processors: keys are first dealt, in order, to those above and those below about the
// median, which are then sorted at the same time.
func sortMany(list []sortKey) []sortKey {
	var t tally
	for _, e := range list {
		t.count[e.coarse()]++
	}
	cut, above := uint32(coarseValues-1), 0
	for ; cut > 0 && above+t.count[cut] <= len(list)/2; cut-- {
		above += t.count[cut]
	}
	dealt := make([]sortKey, len(list))
	hi, lo := 0, above
	for _, e := range list {
		if e.coarse() > cut {
			dealt[hi] = e
			hi++
		} else {
			dealt[lo] = e
			lo++
		}
	}
	ends := [3]int{0, above, len(list)}
	spread(2, func(a, b int) {
		for i := a; i < b; i++ {
			part, room := dealt[ends[i]:ends[i+1]], list[ends[i]:ends[i+1]]
			copy(room, radixSort(part, room)) // into list, whichever of the two it ended in
		}
	})
	return list
}

// radixSort sorts from the lowest bits up, with to as room of the same size. The result is one of the two.
func radixSort(from, to []sortKey) []sortKey {
	var some, all uint64 = 0, math.MaxUint64 // the bits that any and that every key has
	for _, e := range from {
		some |= e.key
		all &= e.key
	}
	for shift := bits.TrailingZeros64(some ^ all); shift < 64; shift += radixBits { // a float32 as a float64 ends in zeros
		const mask = 1<<radixBits - 1
		if some>>shift&mask == all>>shift&mask {
			continue
		}
		var start [1 << radixBits]int32
		for _, e := range from {
			start[e.key>>shift&mask]++
		}
		sum := int32(0)
		for digit := mask; digit >= 0; digit-- { // the largest first
			start[digit], sum = sum, sum+start[digit]
		}
		for _, e := range from {
			p := &start[e.key>>shift&mask]
			to[*p] = e
			*p++
		}
		from, to = to, from
	}
	return from
}

// tally counts numbers and sums them by the highest bits of their magnitude.
type tally struct {
	count [coarseValues]int
	sum   [coarseValues]float64
}

func (t *tally) total() (s float64) {
	for _, v := range t.sum {
		s += v
	}
	return s
}

// merge adds another tally.
func (t *tally) merge(u *tally) {
	for b := range t.count {
		t.count[b] += u.count[b]
		t.sum[b] += u.sum[b]
	}
}

// above returns how many are counted whose highest bits are at least those of a magnitude.
func (t *tally) above(m uint32) (n int) {
	for b := coarse(m); b < coarseValues; b++ {
		n += t.count[b]
	}
	return n
}

// from returns the highest bits from which on everything within the limits is found, and how many that are.
func (t *tally) from(l limits) (bits uint32, n int) {
	sum, total := 0., t.total()
	for b := coarseValues - 1; b > 0; b-- {
		n += t.count[b]
		sum += t.sum[b]
		if n >= l.k || (n > 0 && sum >= l.share*total*(1+1e-9)) { // sums in another order differ by rounding
			return uint32(b), n
		}
	}
	return 0, n // nothing so small is looked for
}

// trim keeps, in order, at least everything of a list within the limits, and returns the sum of all.
func trim(list []sortKey, l limits) ([]sortKey, float64) {
	var t tally
	for _, e := range list {
		t.count[e.coarse()]++
		t.sum[e.coarse()] += e.strength()
	}
	kept := list[:0]
	from, _ := t.from(l)
	for _, e := range list {
		if e.coarse() >= from {
			kept = append(kept, e)
		}
	}
	return kept, t.total()
}
