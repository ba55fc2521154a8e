package resident

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Bounds of a frame. They are checked before anything is allocated, and memory grows only as bytes arrive.
const (
	MaxHeader  = 64 << 20 // bytes of JSON
	MaxPayload = 64 << 30 // bytes of tensors
	maxTensors = 1 << 12
	maxRank    = 16
)

// bounds say what the next frame may hold. They are checked before anything is allocated.
type bounds struct {
	header  uint64              // bytes of JSON
	payload func(*Frame) uint64 // bytes of tensors that may follow this header
}

// anything is the bounds of a frame that is read for its own sake.
var anything = bounds{MaxHeader, func(*Frame) uint64 { return MaxPayload }}

// noPayload is for frames that are words alone.
func noPayload(*Frame) uint64 { return 0 }

// magic begins every frame; its last byte is the version of the framing, which is not that of the protocol.
const magic = "nsf\x01"

// errFrame marks bytes that are no frame.
var errFrame = errors.New("this is not a frame of neuronsteer")

// layout says where a tensor of the payload is: they follow each other in this order, without gaps.
type layout struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// WriteFrame writes f: magic, length of the header (uint32) and of the payload (uint64), both little-endian, the header
// as JSON, the tensors as float32.
func WriteFrame(w io.Writer, f Frame) error {
	f.Layout = nil
	var size uint64
	parts := net.Buffers{nil}
	for _, name := range slices.Sorted(maps.Keys(f.Tensors)) {
		t := f.Tensors[name]
		if n, err := elements(t.Shape); err != nil || n != len(t.Data) {
			return fmt.Errorf("tensor %q: shape %v does not fit %d numbers", name, t.Shape, len(t.Data))
		}
		f.Layout = append(f.Layout, layout{name, t.Shape})
		parts = append(parts, tensorfile.Bytes(t.Data))
		size += 4 * uint64(len(t.Data))
	}
	header, err := store.EncodeJSON(f)
	if err != nil {
		return engine.Errorf(engine.BadRequest, "resident", "a message cannot be written as JSON: %v", err)
	}
	if len(header) > MaxHeader || size > MaxPayload || len(f.Layout) > maxTensors {
		return engine.Errorf(engine.BadRequest, "resident", "a message of %d + %d bytes is too large to send", len(header), size).
			Try("ask for less at once, e.g. fewer prompts or positions")
	}
	b := make([]byte, 0, 16+len(header))
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	b = binary.LittleEndian.AppendUint64(b, size)
	parts[0] = append(b, header...)
	_, err = parts.WriteTo(w)
	return err
}

// ReadFrame reads one frame. The error is io.EOF when the connection ended between frames.
func ReadFrame(r io.Reader) (Frame, error) { return readFrame(r, anything) }

// readFrame is ReadFrame within bounds.
func readFrame(r io.Reader, may bounds) (Frame, error) {
	var prefix [16]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return Frame{}, err
	}
	if string(prefix[:4]) != magic {
		return Frame{}, fmt.Errorf("%w: it begins with %q", errFrame, prefix[:4])
	}
	n, size := uint64(binary.LittleEndian.Uint32(prefix[4:])), binary.LittleEndian.Uint64(prefix[8:])
	if n > may.header {
		return Frame{}, fmt.Errorf("%w: a header of %d bytes, where at most %d are taken", errFrame, n, may.header)
	}
	if size > MaxPayload {
		return Frame{}, fmt.Errorf("%w: a payload of %d bytes, where at most %d are taken", errFrame, size, uint64(MaxPayload))
	}
	header, err := readBytes(r, n)
	if err != nil {
		return Frame{}, err
	}
	var f Frame
	if err := json.Unmarshal(header, &f); err != nil {
		return Frame{}, fmt.Errorf("%w: %w", errFrame, err)
	}
	if most := may.payload(&f); size > most {
		return Frame{}, fmt.Errorf("%w: a payload of %d bytes with a %q, where at most %d are taken", errFrame, size, f.Type, most)
	}
	return f, f.readTensors(r, size)
}

// readTensors reads the payload that the layout describes.
func (f *Frame) readTensors(r io.Reader, size uint64) error {
	if len(f.Layout) > maxTensors {
		return fmt.Errorf("%w: %d tensors", errFrame, len(f.Layout))
	}
	var sum uint64
	names := map[string]bool{}
	for _, l := range f.Layout {
		n, err := elements(l.Shape)
		if err != nil || names[l.Name] {
			return fmt.Errorf("%w: tensor %q of shape %v", errFrame, l.Name, l.Shape)
		}
		names[l.Name] = true
		if sum += 4 * uint64(n); sum > size {
			break
		}
	}
	if sum != size {
		return fmt.Errorf("%w: a payload of %d bytes for tensors of %d", errFrame, size, sum)
	}
	if f.Layout == nil {
		return nil
	}
	f.Tensors = make(map[string]steer.Tensor, len(f.Layout))
	for _, l := range f.Layout {
		n, _ := elements(l.Shape)
		b, err := readBytes(r, 4*uint64(n))
		if err != nil {
			return err
		}
		f.Tensors[l.Name] = steer.Tensor{Shape: l.Shape, Data: tensorfile.Floats(b)}
	}
	f.Layout = nil
	return nil
}

// elements returns the product of shape, which fits a payload.
func elements(shape []int) (int, error) {
	n := 1
	if len(shape) > maxRank {
		return 0, errFrame
	}
	for _, d := range shape {
		if d < 0 || (d > 0 && n > min(MaxPayload/4, math.MaxInt)/d) {
			return 0, errFrame
		}
		n *= d
	}
	return n, nil
}

// readBytes reads n bytes. A frame that promises more than it holds costs no more than twice what it holds.
func readBytes(r io.Reader, n uint64) ([]byte, error) {
	b := make([]byte, min(n, 1<<20))
	for read := 0; ; {
		k, err := io.ReadFull(r, b[read:])
		if read += k; err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil || uint64(read) == n {
			return b, err
		}
		more := min(n-uint64(read), uint64(read))
		b = slices.Grow(b, int(more))[:uint64(read)+more]
	}
}
