package backend

import (
	"slices"
	"unsafe"
)

// Where the numbers of a node lie while its graph runs.
type home int

const (
	parameter home = iota // in the buffer of an input
	constant              // in the graph
	arena                 // in memory that one call takes for all that it computes on the way
	result                // in the buffer of an output
)

// A storage is the memory of a node during a call.
type storage struct {
	home  home
	index int            // of the parameter or the output
	fixed unsafe.Pointer // of a constant
	raw   []byte         // keeps it
	size  int            // bytes
	first int            // the step that writes it
	last  int            // the last step that reads it
	at    int            // place in the arena
	over  int            // the storage whose place it takes, because that one's last use is its making; −1: none
}

// layOut lays the storages of the arena out and returns the size of the arena: each is put into the first gap among those that live
// at the same time, the longest-lived and largest being placed as their step comes.
func layOut(all []*storage, steps []*step) (size int) {
	type span struct{ at, end, last int }
	var live []span // in the order of their places
	for i := range steps {
		live = slices.DeleteFunc(live, func(s span) bool { return s.last < i })
		for _, w := range steps[i].writes {
			st := all[w]
			if st.home != arena {
				continue
			}
			if st.over >= 0 {
				old := all[st.over]
				st.at = old.at
				for j := range live {
					if live[j].at == old.at {
						live[j].last = st.last
					}
				}
				continue
			}
			need := (st.size + align - 1) &^ (align - 1)
			at, j := 0, 0
			for ; j < len(live) && live[j].at-at < need; j++ {
				at = max(at, live[j].end)
			}
			st.at = at
			live = slices.Insert(live, j, span{at, at + need, st.last})
			size = max(size, at+need)
		}
	}
	return size
}
