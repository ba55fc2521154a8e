package backend

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A Buffer is a tensor in memory, or a weight.
type Buffer struct {
	b     *Backend
	shape shapes.Shape

	mu     sync.Mutex
	raw    []byte         // nil for a weight
	weight *kernel.Matrix // nil for memory
	dead   bool           // finalized
	users  int            // calls that read it now
}

var _ compute.Buffer = (*Buffer)(nil)

// Weight returns a buffer of the shape [N,K], float32, that stands for a packed matrix. Products with it (over either axis) and
// look-ups of its rows read the matrix as it lies; everything else widens it, at every call.
func (b *Backend) Weight(m *kernel.Matrix) (compute.Buffer, error) {
	if m == nil {
		return nil, fmt.Errorf("native backend: the weight is nil")
	}
	return &Buffer{b: b, shape: shapes.Make(dtypes.Float32, m.N(), m.K()), weight: m}, nil
}

// newBuffer returns a buffer that holds anything.
func (b *Backend) newBuffer(s shapes.Shape) *Buffer {
	return &Buffer{b: b, shape: s, raw: b.pool.get(byteSize(s))}
}

// byteSize is the memory of a tensor, in bytes.
func byteSize(s shapes.Shape) int { return s.Size() * s.DType.Size() }

// tooLarge reports whether no machine holds a tensor, or its size cannot even be counted.
func tooLarge(s shapes.Shape) bool {
	n := 1
	for _, d := range s.Dimensions {
		if d > 1<<40/n {
			return true
		}
		n *= max(d, 1)
	}
	return false
}

// HasSharedBuffers returns true: the memory of a buffer is the program's own.
func (b *Backend) HasSharedBuffers() bool { return true }

// check reports whether a tensor of this shape can be had.
func (b *Backend) check(dev compute.DeviceNum, s shapes.Shape) error {
	switch {
	case b.IsFinalized():
		return fmt.Errorf("native backend: it has been closed")
	case dev != 0:
		return fmt.Errorf("native backend: there is no device %d; the only one is 0", dev)
	case !s.Ok() || s.TupleSize() > 0 || s.IsDynamic():
		return fmt.Errorf("native backend: a buffer of shape %s: only plain shapes with known dimensions are supported", s)
	case tooLarge(s):
		return fmt.Errorf("native backend: a buffer of shape %s is too large", s)
	case !stored(s.DType):
		return fmt.Errorf("native backend: a buffer of shape %s: %w: type %s", s, compute.ErrNotImplemented, s.DType)
	}
	return nil
}

// NewSharedBuffer returns a new buffer and its memory, which holds anything.
func (b *Backend) NewSharedBuffer(dev compute.DeviceNum, s shapes.Shape) (compute.Buffer, any, error) {
	if err := b.check(dev, s); err != nil {
		return nil, nil, err
	}
	x := b.newBuffer(s.Clone())
	return x, x.flat(), nil
}

// BufferFromFlatData returns a new buffer with a copy of a slice.
func (b *Backend) BufferFromFlatData(dev compute.DeviceNum, flat any, s shapes.Shape) (compute.Buffer, error) {
	if err := b.check(dev, s); err != nil {
		return nil, err
	}
	src, err := bytesOf(flat, s)
	if err != nil {
		return nil, err
	}
	x := b.newBuffer(s.Clone())
	copy(x.raw, src)
	return x, nil
}

// bytesOf returns the memory of a slice that holds a tensor of a shape.
func bytesOf(flat any, s shapes.Shape) ([]byte, error) {
	v := reflect.ValueOf(flat)
	if v.Kind() != reflect.Slice || dtypes.FromGoType(v.Type().Elem()) != s.DType {
		return nil, fmt.Errorf("native backend: a %T is not the memory of a tensor of shape %s", flat, s)
	}
	if v.Len() != s.Size() {
		return nil, fmt.Errorf("native backend: %d numbers for a tensor of shape %s, which has %d", v.Len(), s, s.Size())
	}
	if v.Len() == 0 {
		return nil, nil
	}
	return unsafe.Slice((*byte)(v.UnsafePointer()), byteSize(s)), nil
}

// flat returns the memory of a buffer as a slice of its type.
func (x *Buffer) flat() any {
	if len(x.raw) == 0 {
		return dtypes.MakeAnySlice(x.shape.DType, 0)
	}
	return dtypes.UnsafeAnySliceFromBytes(pointer(x.raw), x.shape.DType, x.shape.Size())
}

// pointer returns where memory begins; it is never nil, so that an empty slice can be made of it.
func pointer(raw []byte) unsafe.Pointer {
	if len(raw) == 0 {
		return unsafe.Pointer(&empty)
	}
	return unsafe.Pointer(unsafe.SliceData(raw))
}

// empty is where empty tensors begin. Nothing is read or written there.
var empty [align]byte

// Backend returns the backend of the buffer.
func (x *Buffer) Backend() compute.Backend { return x.b }

// DeviceNum returns 0.
func (x *Buffer) DeviceNum() (compute.DeviceNum, error) { return 0, nil }

// Shape returns the shape of the tensor, for a weight its logical one.
func (x *Buffer) Shape() (shapes.Shape, error) { return x.shape, nil }

// Finalize gives the memory back once no call reads it any more. A second call does nothing. The matrix of a weight stays what it
// is; who made it closes it.
func (x *Buffer) Finalize() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.dead = true
	x.freeLocked()
	return nil
}

func (x *Buffer) freeLocked() {
	if x.dead && x.users == 0 {
		if x.raw != nil {
			x.b.pool.put(x.raw)
		}
		x.raw, x.weight = nil, nil
	}
}

// acquire holds a buffer for a call; release ends that.
func (x *Buffer) acquire() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.dead {
		return fmt.Errorf("native backend: the buffer of shape %s has been finalized", x.shape)
	}
	x.users++
	return nil
}

func (x *Buffer) release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.users--
	x.freeLocked()
}

// Data returns the memory of the buffer. A weight has none: its numbers are copied out by ToFlatData.
func (x *Buffer) Data() (any, error) {
	if err := x.acquire(); err != nil {
		return nil, err
	}
	defer x.release()
	if x.weight != nil {
		return nil, fmt.Errorf("native backend: a weight of shape %s has no memory of its own; ToFlatData copies its numbers", x.shape)
	}
	return x.flat(), nil
}

// ToFlatData copies the numbers to a slice.
func (x *Buffer) ToFlatData(flat any) error {
	if err := x.acquire(); err != nil {
		return err
	}
	defer x.release()
	dst, err := bytesOf(flat, x.shape)
	if err != nil {
		return err
	}
	if x.weight != nil {
		widen(x.weight, unsafe.Slice((*float32)(pointer(dst)), x.shape.Size()))
		return nil
	}
	copy(dst, x.raw)
	return nil
}

// widen writes all rows of a matrix.
func widen(m *kernel.Matrix, dst []float32) {
	for i := range m.N() {
		m.Row(i, dst[i*m.K():][:m.K()])
	}
}

// CopyToDevice returns a copy on the only device.
func (x *Buffer) CopyToDevice(dev compute.DeviceNum) (compute.Buffer, error) {
	if err := x.b.check(dev, x.shape); err != nil {
		return nil, err
	}
	if err := x.acquire(); err != nil {
		return nil, err
	}
	defer x.release()
	if x.weight != nil {
		return x.b.Weight(x.weight)
	}
	y := x.b.newBuffer(x.shape)
	copy(y.raw, x.raw)
	return y, nil
}
