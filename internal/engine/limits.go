package engine

// limits bound what one call holds at a time. They change no number beyond its last bits.
type limits struct {
	whole    int   // the longest prompt that attends in one block: in several it would save no more than they cost
	scores   int   // and numbers of the attention scores [B,H,T,T] of that block
	rows     int   // queries of a block where there are several
	few      int   // only the rows that are read go on from the last layer where at most one in so many is
	together int   // rows of targets of edges that go down at a time, if not those of one: more gain nothing
	tapes    int64 // bytes of the tapes that are kept from the forward pass for the backward pass

	// large is the size in bytes from which a call has its garbage collected between groups: else as much garbage as
	// there are weights may wait. Below it the buffers that a collection drops are worth more than what it saves.
	large int64
}

var defaultLimits = limits{whole: 192, scores: 2 << 20, rows: 64, few: 2, together: 512, tapes: 512 << 20, large: 768 << 20}

// blockRows returns how many queries of b prompts of t positions attend at a time: t, or fewer where t is long.
func (e *Engine) blockRows(b, t int) int {
	if t <= e.limits.whole && b*e.cfg.Heads*t*t <= e.limits.scores {
		return t
	}
	return min(t, e.limits.rows)
}

// keptTapes returns the first group whose tape is kept from the forward pass. The groups before it are run again when the
// backward pass comes to them: a pass over them costs a third more, and memory is that of the tapes of one group.
func (e *Engine) keptTapes(tape int64) int { // bytes of a layer
	n, left := len(e.groups)-1, e.limits.tapes
	left -= tape * int64(e.groups[n].len())
	for n > 0 && left >= tape*int64(e.groups[n-1].len()) {
		n--
		left -= tape * int64(e.groups[n].len())
	}
	return n
}
