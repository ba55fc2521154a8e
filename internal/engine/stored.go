package engine

import (
	"errors"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// A StoredSource also gives tensors as their files store them. A backend that can take matrices so keeps them so.
type StoredSource interface {
	Source
	// Stored returns the type of a tensor's numbers and how many bytes they take.
	Stored(name string) (format tensorfile.DType, size int64, err error)
	// RawRows returns the stored bytes of the rows from lo to hi. They are only read, and not kept.
	RawRows(name string, lo, hi int) (format tensorfile.DType, stored []byte, err error)
}

// packer is a backend that computes with packed matrices.
type packer interface {
	Weight(m *kernel.Matrix) (compute.Buffer, error)
}

// formats are the types of numbers that matrices are packed from. All others are widened first.
var formats = map[tensorfile.DType]kernel.Format{
	tensorfile.F32: kernel.F32, tensorfile.F16: kernel.F16, tensorfile.BF16: kernel.BF16,
	tensorfile.Q8_0: kernel.Q8_0, tensorfile.Q4_0: kernel.Q4_0, tensorfile.Q4_1: kernel.Q4_1, tensorfile.Q5_0: kernel.Q5_0,
	tensorfile.Q5_1: kernel.Q5_1, tensorfile.Q2K: kernel.Q2_K, tensorfile.Q3K: kernel.Q3_K, tensorfile.Q4K: kernel.Q4_K,
	tensorfile.Q5K: kernel.Q5_K, tensorfile.Q6K: kernel.Q6_K, tensorfile.IQ4NL: kernel.IQ4_NL,
}

// partBytes is how much of a matrix is read at a time to be packed, about.
const partBytes = 4 << 20

// pack reads a matrix [n,k] in the format of its file, a part at a time, or widened where the source knows no other or the format is
// not one that is packed.
func pack(src Source, name string, n, k int) (*kernel.Matrix, error) {
	if s, ok := src.(StoredSource); ok {
		if format, stored, err := s.Stored(name); err == nil {
			if f, ok := formats[format]; ok {
				numbers, bytes := f.Block()
				if err := sized(name, int(stored/int64(bytes))*numbers, n, k); err != nil {
					return nil, err
				}
				return packParts(s, name, f, n, k)
			}
		}
	}
	x, err := src.Tensor(name)
	if err != nil {
		return nil, err
	}
	if err := sized(name, len(x), n, k); err != nil {
		return nil, err
	}
	return packed(kernel.Pack(kernel.F32, n, k, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))))
}

// packParts packs a matrix whose rows are stored in a format.
func packParts(s StoredSource, name string, f kernel.Format, n, k int) (*kernel.Matrix, error) {
	m, err := packed(kernel.Empty(f, n, k))
	if err != nil {
		return nil, err
	}
	step := partPanels(f, n, k)
	for p := 0; p < m.Panels(); p += step {
		to := min(m.Panels(), p+step)
		_, raw, err := s.RawRows(name, p*kernel.Panel, min(n, to*kernel.Panel))
		if err == nil {
			_, err = packed(m, m.PackPanels(p, to, raw))
		}
		if err != nil {
			return nil, errors.Join(err, m.Close())
		}
	}
	return m, nil
}

// partPanels is how many panels are packed of one part.
func partPanels(f kernel.Format, n, k int) int {
	return max(1, partBytes/max(1, kernel.PackedSize(f, min(n, kernel.Panel), k)))
}

// packed says of an error of packing that it is a defect, or that there is no memory.
func packed(m *kernel.Matrix, err error) (*kernel.Matrix, error) {
	if err != nil {
		return nil, internal("open", err)
	}
	return m, nil
}

// storedBytes returns what a matrix takes of memory, packed or widened, and what is held of it while it is read.
func storedBytes(src Source, name string, dims []int, packed bool) (all, held int64) {
	if s, ok := src.(StoredSource); ok && packed {
		if format, _, err := s.Stored(name); err == nil {
			if f, ok := formats[format]; ok && len(dims) == 2 {
				all = int64(kernel.PackedSize(f, dims[0], dims[1]))
				return all, min(all, 2*partBytes) // the part before it is not yet free
			}
		}
	}
	all = 4 * int64(size(dims))
	return all, all
}

// weight makes a packed matrix an input of graphs.
func weight(b packer, m *kernel.Matrix) (*tensors.Tensor, error) {
	buffer, err := b.Weight(m)
	if err != nil {
		return nil, err
	}
	return tensors.FromBuffer(buffer)
}
