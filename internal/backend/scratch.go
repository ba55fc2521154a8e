package backend

import (
	"unsafe"

	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// scratch is the memory of one goroutine at a time: whoever works at a chunk.
type scratch struct {
	raw     []byte
	args    []operand
	kernel  kernel.Scratch
	operand kernel.Operand   // the right factor of a product
	turned  [2]kernel.Packed // the left factors of a backward product, or of a sum of two; the caller's, which all read
	terms   [2]kernel.Term   // of a weightPull
	spaced  []byte           // the left factor of a product, if its rows lie badly; as turned
}

// bytes returns n aligned bytes that hold anything; they are valid until the next call.
func (s *scratch) bytes(n int) unsafe.Pointer {
	if n > len(s.raw) {
		s.raw = allocate(sizeClass(n))
	}
	return pointer(s.raw)
}
