package backend

import "slices"

// slots are the pieces of scratch memory that a group's values take in turn: one that no later operation reads makes room for the
// next, so that what a tile touches is little.
type slots struct {
	of    []int // the slot of each instruction's value; −1 where it has a storage
	bytes []int // of a row
	row   int   // all of them together
	free  []int
}

// slots deals the group's values that have no storage out to slots.
func (g *group) slots(homes []place) *slots {
	last := make([]int, len(g.instrs)) // the instruction that reads a value last
	for i, in := range g.instrs {
		last[i] = i
		for _, a := range in.args {
			if j, own := g.of[a.v.root]; own {
				last[j] = i
			}
		}
	}
	s := &slots{}
	for i, in := range g.instrs {
		ends := func(over bool) { // what ends here gives its slot back, before or after the instruction's own is taken
			for j, slot := range s.of {
				if last[j] == i && slot >= 0 && over == in.over(g.instrs[j].n) {
					s.free = append(s.free, slot)
				}
			}
		}
		ends(true)
		slot := -1
		if homes[i].store < 0 {
			slot = s.take(homes[i].linear)
		}
		ends(false)
		s.of = append(s.of, slot)
		if slot >= 0 && last[i] == i {
			s.free = append(s.free, slot)
		}
	}
	return s
}

// take returns a free slot of that size, or a new one.
func (s *slots) take(bytes int) int {
	for i, slot := range s.free {
		if s.bytes[slot] == bytes {
			s.free = slices.Delete(s.free, i, i+1)
			return slot
		}
	}
	s.bytes, s.row = append(s.bytes, bytes), s.row+bytes
	return len(s.bytes) - 1
}

// over reports whether an instruction may write where a value of the same size in bytes lies that it reads: it must need each number
// at its own place alone.
func (in *instr) over(x *node) bool {
	for _, a := range in.args {
		if a.v.root == x && (a.width != in.width || a.size != in.n.shape.DType.Size()) {
			return false
		}
	}
	return true
}

// lay gives values without a storage their places, where a tile has so many bytes of a row's, and returns how much memory they take.
func (s *slots) lay(homes []place, ofTile func(row int) int) (room int) {
	at := make([]int, len(s.bytes))
	for slot, bytes := range s.bytes {
		at[slot] = room
		room += (ofTile(bytes) + align - 1) &^ (align - 1)
	}
	for i, slot := range s.of {
		if slot >= 0 {
			homes[i].base = at[slot]
		}
	}
	return room
}
