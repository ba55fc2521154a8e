package kernel

import "unsafe"

// A Scratch is the memory that one worker computes in, grown on demand and used again. Its zero value is ready; one call at a
// time may use it.
type Scratch struct {
	buffers [4][]float32
}

// The buffers of a Scratch, by what they hold.
const (
	wideBuffer = iota // a panel widened to float32
	turnBuffer        // outputs of Backward before they are turned
	edgeBuffer        // outputs of a panel that reaches past N
	unitBuffer        // columns of a panel in the common form of the formats of blocks
)

// take returns n floats that begin at a cache line, with what was there.
func (s *Scratch) take(buffer, n int) []float32 {
	if len(s.buffers[buffer]) < n {
		s.buffers[buffer] = aligned(n)
	}
	return s.buffers[buffer][:n]
}

// aligned returns n zeros that begin at a cache line.
func aligned(n int) []float32 {
	const line = 64
	x := make([]float32, n+line/4)
	at := -uintptr(unsafe.Pointer(unsafe.SliceData(x))) % line / 4
	return x[at:][:n:n]
}
