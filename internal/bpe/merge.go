package bpe

import (
	"math"
	"sync"
)

// work is the memory of one Encode, kept for the next.
type work struct {
	syms    []symbol
	spelled []byte
	links   []link
	queue   queue
	parts   [2][]part
}

var works = sync.Pool{New: func() any { return new(work) }}

// maxKept bounds the memory that is kept.
const maxKept = 1 << 12

func (w *work) release() {
	if cap(w.syms) > maxKept || cap(w.links) > maxKept || cap(w.queue) > maxKept || cap(w.parts[0]) > maxKept || cap(w.parts[1]) > maxKept {
		return
	}
	clear(w.parts[0][:cap(w.parts[0])])
	clear(w.parts[1][:cap(w.parts[1])])
	works.Put(w)
}

// short is the length up to which looking at every pair for each merge is faster than keeping a queue.
const short = 48

// merge joins neighbors until no pair has a merge: the lowest rank first, of equal ones the leftmost.
func (m *model) merge(syms []symbol, w *work) []symbol {
	switch {
	case len(syms) < 2:
		return syms
	case len(syms) > short:
		return m.mergeLong(syms, w)
	}
	var ranks [short]uint32 // of the pair of i and i+1
	var ids [short]uint32
	const none = math.MaxUint32
	look := func(i int) {
		ranks[i] = none
		if i+1 < len(syms) {
			if x, ok := m.merges.find(syms[i].id, syms[i+1].id); ok {
				ranks[i], ids[i] = x.rank, x.id
			}
		}
	}
	for i := range syms {
		look(i)
	}
	for {
		best, at := uint32(none), -1
		for i, r := range ranks[:len(syms)-1] {
			if r < best {
				best, at = r, i
			}
		}
		if at < 0 {
			return syms
		}
		syms[at].id = int32(ids[at])
		syms[at].size += syms[at+1].size
		copy(syms[at+1:], syms[at+2:])
		copy(ranks[at+1:], ranks[at+2:len(syms)])
		copy(ids[at+1:], ids[at+2:len(syms)])
		syms = syms[:len(syms)-1]
		look(at)
		if at > 0 {
			look(at - 1)
		}
	}
}

// A link is where a symbol's neighbors are; −1 none.
type link struct{ before, after int32 }

// An entry of the queue is a merge of the symbol at pos with the one after it. It is outdated when they make another token.
type entry struct{ rank, pos, id uint32 }

// mergeLong takes n log n steps, whatever the word.
func (m *model) mergeLong(syms []symbol, w *work) []symbol {
	links, q := w.links[:0], w.queue[:0]
	for i := range syms {
		links = append(links, link{int32(i) - 1, int32(i) + 1})
		if i > 0 {
			if x, ok := m.merges.find(syms[i-1].id, syms[i].id); ok {
				q = append(q, entry{x.rank, uint32(i - 1), x.id})
			}
		}
	}
	links[len(links)-1].after = -1
	q.order()
	push := func(i, j int32) {
		if i < 0 || j < 0 {
			return
		}
		if x, ok := m.merges.find(syms[i].id, syms[j].id); ok {
			q.push(entry{x.rank, uint32(i), x.id})
		}
	}
	for len(q) > 0 {
		e := q.pop()
		i := int32(e.pos)
		j := links[i].after
		if syms[i].size == 0 || j < 0 {
			continue
		}
		if x, ok := m.merges.find(syms[i].id, syms[j].id); !ok || x.id != e.id {
			continue
		}
		syms[i].id = int32(e.id)
		syms[i].size += syms[j].size
		syms[j].size = 0
		links[i].after = links[j].after
		if k := links[j].after; k >= 0 {
			links[k].before = i
		}
		push(links[i].before, i)
		push(i, links[i].after)
	}
	w.links, w.queue = links, q
	out := syms[:0]
	for _, s := range syms {
		if s.size > 0 {
			out = append(out, s)
		}
	}
	return out
}
