package pattern

import (
	"unicode"
	"unicode/utf8"
)

// A set is a set of characters. Membership is one look at a table: 128 bits for ASCII, a bit for each other character.
type set struct {
	ascii [2]uint64
	wide  []uint64 // by code point / 64; nil: no character beyond ASCII
}

const words = (unicode.MaxRune + 1) / 64

func (s *set) has(r rune) bool {
	if r < utf8.RuneSelf {
		return s.ascii[r>>6]>>(r&63)&1 != 0
	}
	return s.wide != nil && s.wide[r>>6]>>(r&63)&1 != 0
}

// add puts the characters from lo to hi into the set.
func (s *set) add(lo, hi rune) {
	for ; lo <= hi && lo < utf8.RuneSelf; lo++ {
		s.ascii[lo>>6] |= 1 << (lo & 63)
	}
	if lo > hi {
		return
	}
	if s.wide == nil {
		s.wide = make([]uint64, words)
	}
	for first, last := lo>>6, hi>>6; first <= last; first++ {
		mask := ^uint64(0)
		if first == lo>>6 {
			mask &= ^uint64(0) << (lo & 63)
		}
		if first == last {
			mask &= ^uint64(0) >> (63 - hi&63)
		}
		s.wide[first] |= mask
	}
}

// addTable puts the characters of a table of package unicode into the set.
func (s *set) addTable(t *unicode.RangeTable) {
	for _, r := range t.R16 {
		if r.Stride == 1 {
			s.add(rune(r.Lo), rune(r.Hi))
			continue
		}
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			s.add(c, c)
		}
	}
	for _, r := range t.R32 {
		if r.Stride == 1 {
			s.add(rune(r.Lo), rune(r.Hi))
			continue
		}
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			s.add(c, c)
		}
	}
}

// addSet puts the characters of another set into the set.
func (s *set) addSet(o *set) {
	s.ascii[0] |= o.ascii[0]
	s.ascii[1] |= o.ascii[1]
	if o.wide == nil {
		return
	}
	if s.wide == nil {
		s.wide = make([]uint64, words)
	}
	for i, w := range o.wide {
		s.wide[i] |= w
	}
}

// inverted returns the characters that are not in the set.
func (s *set) inverted() *set {
	n := &set{ascii: [2]uint64{^s.ascii[0], ^s.ascii[1]}, wide: make([]uint64, words)}
	for i := range n.wide {
		if s.wide == nil {
			n.wide[i] = ^uint64(0)
		} else {
			n.wide[i] = ^s.wide[i]
		}
	}
	n.wide[0], n.wide[1] = 0, 0 // ASCII has its own
	return n
}

// folded adds what differs from a character of the set in case alone. Unicode's orbits of case are small and few.
func (s *set) folded() *set {
	n := &set{}
	n.addSet(s)
	for r := rune('A'); r <= unicode.MaxRune; r++ {
		f := unicode.SimpleFold(r)
		if f == r {
			if r >= 0x1F000 {
				break // no character beyond has case
			}
			continue
		}
		if s.has(r) {
			for ; f != r; f = unicode.SimpleFold(f) {
				n.add(f, f)
			}
		}
	}
	return n
}

// single returns the set of one character, in either case if fold is set.
func single(r rune, fold bool) *set {
	s := &set{}
	s.add(r, r)
	if fold {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			s.add(f, f)
		}
	}
	return s
}
