package bpe

// A queue is a binary heap of entries: the lowest rank is on top, of equal ones the leftmost.
type queue []entry

func (e entry) less(f entry) bool { return e.rank < f.rank || e.rank == f.rank && e.pos < f.pos }

func (q queue) order() {
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.down(i)
	}
}

func (q *queue) push(e entry) {
	*q = append(*q, e)
	h := *q
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.less(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

func (q *queue) pop() entry {
	h := *q
	top := h[0]
	last := len(h) - 1
	h[0] = h[last]
	*q = h[:last]
	if last > 1 {
		(*q).down(0)
	}
	return top
}

func (q queue) down(i int) {
	e := q[i]
	for {
		c := 2*i + 1
		if c >= len(q) {
			break
		}
		if c+1 < len(q) && q[c+1].less(q[c]) {
			c++
		}
		if !q[c].less(e) {
			break
		}
		q[i] = q[c]
		i = c
	}
	q[i] = e
}
