package bpe

import (
	"bytes"
	"fmt"
	"math/bits"
)

// A merge is what two neighboring tokens become, and how early: the lowest rank comes first.
type merge struct{ rank, id uint32 }

// A mergeTable holds the merges by their two tokens: open addressing, about half of it free.
type mergeTable struct {
	keys  []uint64 // left<<32 | right, plus 1; 0 free
	vals  []merge
	shift uint
	n     int
}

func newMergeTable(n int) *mergeTable {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return &mergeTable{keys: make([]uint64, size), vals: make([]merge, size), shift: uint(64 - bits.TrailingZeros(uint(size)))}
}

// slot returns where a key is, or would be. The factor is 2⁶⁴ divided by the golden ratio (Knuth, vol. 3, 6.4).
func (t *mergeTable) slot(key uint64) int {
	mask := len(t.keys) - 1
	for at := int(key * 0x9E3779B97F4A7C15 >> t.shift); ; at = (at + 1) & mask {
		if k := t.keys[at]; k == 0 || k == key {
			return at
		}
	}
}

func (t *mergeTable) find(left, right int32) (merge, bool) {
	at := t.slot(uint64(left)<<32 | uint64(right) + 1)
	return t.vals[at], t.keys[at] != 0
}

// put stores a merge; one that comes again takes the later rank, as in the reference.
func (t *mergeTable) put(left, right int32, m merge) {
	if 4*t.n >= 3*len(t.keys) {
		t.grow()
	}
	key := uint64(left)<<32 | uint64(right) + 1
	at := t.slot(key)
	if t.keys[at] == 0 {
		t.n++
	}
	t.keys[at], t.vals[at] = key, m
}

func (t *mergeTable) grow() {
	old := *t
	*t = *newMergeTable(len(old.keys))
	t.n = old.n
	for i, k := range old.keys {
		if k != 0 {
			at := t.slot(k)
			t.keys[at], t.vals[at] = k, old.vals[i]
		}
	}
}

// A Merges is the list of merges of a file, as pairs of pieces.
type Merges struct {
	text []byte   // left and right piece of each, one after another
	ends []uint32 // of each piece in text
}

// Len returns the number of merges.
func (m *Merges) Len() int { return len(m.ends) / 2 }

// Pair returns the two pieces of a merge.
func (m *Merges) Pair(i int) (left, right []byte) {
	from := uint32(0)
	if i > 0 {
		from = m.ends[2*i-1]
	}
	return m.text[from:m.ends[2*i]], m.text[m.ends[2*i]:m.ends[2*i+1]]
}

func (m *Merges) add(left, right []byte) {
	m.text = append(m.text, left...)
	m.ends = append(m.ends, uint32(len(m.text)))
	m.text = append(m.text, right...)
	m.ends = append(m.ends, uint32(len(m.text)))
}

// readMerges reads model.merges: texts "a b", or pairs ["a", "b"], which alone can hold spaces.
func readMerges(s *scanner) (*Merges, error) {
	m := &Merges{text: make([]byte, 0, len(s.data)/4)}
	err := s.list('[', ']', func() error {
		if s.space() == '[' {
			return m.readPair(s)
		}
		line, err := s.text()
		if err != nil || bytes.HasPrefix(line, []byte("#version")) {
			return err
		}
		left, right, ok := bytes.Cut(line, []byte(" "))
		if !ok || bytes.IndexByte(right, ' ') >= 0 {
			return fmt.Errorf("merge %d, %.80q, is not two pieces with a space between them", m.Len(), line)
		}
		m.add(left, right)
		return nil
	})
	if err == nil && len(m.text) > 1<<31-1 {
		err = fmt.Errorf("the merges have more than %d bytes", 1<<31-1)
	}
	return m, err
}

func (m *Merges) readPair(s *scanner) error {
	n := 0
	err := s.list('[', ']', func() error {
		if n++; n > 2 {
			return fmt.Errorf("merge %d has more than two pieces", len(m.ends)/2)
		}
		piece, err := s.text()
		if err != nil {
			return err
		}
		m.text = append(m.text, piece...)
		m.ends = append(m.ends, uint32(len(m.text)))
		return nil
	})
	if err == nil && n != 2 {
		err = fmt.Errorf("merge %d has not two pieces", len(m.ends)/2)
	}
	return err
}

// table looks the pieces up. Every piece, and what two become, must be in the vocabulary.
func (m *Merges) table(v *Vocab) (*mergeTable, error) {
	t := newMergeTable(m.Len())
	for i := range m.Len() {
		left, right := m.Pair(i)
		a, okA := v.ID(string(left))
		b, okB := v.ID(string(right))
		both := m.text[m.ends[2*i]-uint32(len(left)) : m.ends[2*i+1]]
		ab, okAB := v.ID(string(both))
		switch {
		case !okA:
			return nil, fmt.Errorf("merge %d needs the token %.80q, which is not in the vocabulary", i, left)
		case !okB:
			return nil, fmt.Errorf("merge %d needs the token %.80q, which is not in the vocabulary", i, right)
		case !okAB:
			return nil, fmt.Errorf("merge %d makes the token %.80q, which is not in the vocabulary", i, both)
		}
		t.put(a, b, merge{rank: uint32(i), id: uint32(ab)})
	}
	return t, nil
}

// without returns the table without the merges that make the given tokens.
func (t *mergeTable) without(gone map[uint32]bool) *mergeTable {
	bad := func(i int) bool { return t.keys[i] != 0 && gone[t.vals[i].id] }
	found := false
	for i := range t.keys {
		found = found || bad(i)
	}
	if !found {
		return t
	}
	out := newMergeTable(t.n)
	for i, k := range t.keys {
		if k != 0 && !bad(i) {
			at := out.slot(k)
			out.keys[at], out.vals[at] = k, t.vals[i]
			out.n++
		}
	}
	return out
}
