package tensorfile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Bounds of what a header may claim. The largest models have some ten thousand tensors and a few dozen fields.
const (
	maxTensors = 1 << 18
	maxFields  = 1 << 16
	maxString  = 1 << 26 // bytes of one string, e.g. a chat template
	maxDims    = 4       // of a tensor, as in ggml
)

// ggmlTypes names the tensor types of ggml. Numbers that are missing here have been withdrawn or are newer.
var ggmlTypes = map[uint32]DType{
	0: F32, 1: F16, 2: Q4_0, 3: Q4_1, 6: Q5_0, 7: Q5_1, 8: Q8_0, 9: "Q8_1", 10: Q2K, 11: Q3K, 12: Q4K,
	13: Q5K, 14: Q6K, 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: IQ4NL,
	21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: I8, 25: I16, 26: I32, 27: I64, 28: F64, 29: "IQ1_M", 30: BF16,
	34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}

// ggmlCodes is ggmlTypes by name.
var ggmlCodes = func() map[DType]uint32 {
	codes := map[DType]uint32{}
	for code, t := range ggmlTypes {
		codes[t] = code
	}
	return codes
}()

// A GGUF is an open GGUF file, version 2 or 3, little-endian. It is safe for concurrent use.
type GGUF struct {
	table
	Metadata
}

// OpenGGUF opens a GGUF file and checks it.
func OpenGGUF(path string) (*GGUF, error) {
	file, size, err := opened(path)
	if err != nil {
		return nil, err
	}
	f, err := parseGGUF(path, source{reader: file, size: size})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.release = file.Close
	return f, nil
}

// ReadGGUF is OpenGGUF for size bytes of r, which must stay open as long as tensors are read. name is for messages.
func ReadGGUF(name string, r io.ReaderAt, size int64) (*GGUF, error) {
	if size > math.MaxInt {
		return nil, fmt.Errorf("%s: %d bytes are more than this system can address", name, size)
	}
	return parseGGUF(name, source{reader: r, size: int(size)})
}

// ParseGGUF reads a GGUF from memory. b must not change while it is used: float32 tensors alias it.
func ParseGGUF(b []byte) (*GGUF, error) {
	return parseGGUF("gguf", source{memory: b, size: len(b)})
}

func parseGGUF(name string, src source) (*GGUF, error) {
	f := &GGUF{table: table{name: name, src: src, tensors: map[string]tensor{}}, Metadata: Metadata{fields: map[string]field{}}}
	if err := f.parse(&cursor{src: src}); err != nil {
		return nil, fmt.Errorf("%s is not a whole GGUF file: %w; copy or download it again", name, err)
	}
	return f, nil
}

// parse reads magic, version, counts, metadata, tensor infos; what follows, aligned, is the data.
func (f *GGUF) parse(c *cursor) error {
	if magic := c.bytes(4, "the magic word"); c.err == nil && string(magic) != "GGUF" {
		return fmt.Errorf("it starts with %q, not with GGUF", magic)
	}
	switch version := c.u32("the version"); {
	case c.err != nil:
		return c.err
	case version == 2, version == 3:
	case version&0xffff == 0:
		return fmt.Errorf("its numbers are big-endian, which is not read; convert it with gguf-py's gguf_convert_endian.py")
	default:
		return fmt.Errorf("version %d is not read, versions 2 and 3 are; convert the model again with a current llama.cpp", version)
	}
	tensors := c.count("tensors", maxTensors)
	fields := c.count("metadata fields", maxFields)
	for range fields {
		if err := f.readField(c); err != nil {
			return err
		}
	}
	align := uint64(32)
	if f.Has("general.alignment") {
		a, ok := f.Uint("general.alignment")
		if !ok || a == 0 || a > 1<<16 || a&(a-1) != 0 {
			return fmt.Errorf("general.alignment is not a power of two up to 65536")
		}
		align = a
	}
	for range tensors {
		if err := f.readInfo(c, align); err != nil {
			return err
		}
	}
	if c.err != nil {
		return c.err
	}
	if tensors > 0 {
		c.bytes(-c.at&int(align-1), "the padding before the data")
	}
	f.base = c.at
	if c.err != nil {
		return c.err
	}
	return f.layDown(true)
}

// readInfo reads one tensor info: name, dimensions (the contiguous one first), type, offset in the data.
func (f *GGUF) readInfo(c *cursor, align uint64) error {
	name := c.string("the name of a tensor")
	rank := c.u32("the rank of tensor " + name)
	if c.err == nil && rank > maxDims {
		return fmt.Errorf("tensor %q has %d dimensions, at most %d are read", name, rank, maxDims)
	}
	shape := []int{}
	for i := uint32(0); i < rank && c.err == nil; i++ {
		d := c.u64("the shape of tensor " + name)
		if d > math.MaxInt {
			return fmt.Errorf("tensor %q: a dimension of %d is larger than any memory", name, d)
		}
		shape = append(shape, int(d))
	}
	code, offset := c.u32("the type of tensor "+name), c.u64("the offset of tensor "+name)
	if c.err != nil {
		return c.err
	}
	slices.Reverse(shape)
	t, ok := ggmlTypes[code]
	if !ok {
		t = DType(fmt.Sprintf("ggml-type-%d", code))
	}
	size, _, err := byteSize(t, shape) // 0 for a type of unknown size, which is only listed
	switch {
	case err != nil:
		return fmt.Errorf("tensor %q: %w", name, err)
	case offset%align != 0:
		return fmt.Errorf("tensor %q starts at byte %d of the data, no multiple of %d", name, offset, align)
	case offset > uint64(math.MaxInt-size):
		return fmt.Errorf("tensor %q: offset %d is larger than any file", name, offset)
	}
	if _, ok := f.tensors[name]; ok {
		return fmt.Errorf("tensor %q occurs twice", name)
	}
	f.tensors[name] = tensor{Info{name, t, shape}, int(offset), int(offset) + size}
	return nil
}
