package engine

// limits bound what one call holds at a time. They change no number beyond its last bits.
type limits struct {
	scores int   // numbers of the attention scores [B,H,n,T] that a block of n queries makes
	rows   int   // the fewest queries of a block: below them a block costs more than it saves
	few    int   // only the rows that are read go on from the last layer where at most one in so many is
	tapes  int64 // bytes of the tapes that are kept from the forward pass for the backward pass

	// large is the size in bytes from which a call has its garbage collected between groups: else as much garbage as
	// there are weights may wait. Below it the buffers that a collection drops are worth more than what it saves.
	large int64
}

var defaultLimits = limits{scores: 2 << 20, rows: 128, few: 2, tapes: 512 << 20, large: 768 << 20}

// blockRows returns how many queries of b prompts of t positions attend at a time: t, or fewer where t is long.
func (e *Engine) blockRows(b, t int) int {
	return min(t, max(e.limits.rows, e.limits.scores/(b*e.cfg.Heads*t)))
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
