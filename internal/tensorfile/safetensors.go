package tensorfile

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"strings"
)

// maxHeader is the format's own bound on its JSON header.
const maxHeader = 100_000_000

// A File is an open safetensors file. It is safe for concurrent use.
type File struct {
	table
	metadata map[string]string
}

// Open opens a safetensors file and checks it.
func Open(path string) (*File, error) {
	file, size, err := opened(path)
	if err != nil {
		return nil, err
	}
	f, err := parse(path, source{reader: file, size: size})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.release = file.Close
	return f, nil
}

// Read is Open for size bytes of r, which must stay open as long as tensors are read. name is for messages.
func Read(name string, r io.ReaderAt, size int64) (*File, error) {
	if size > math.MaxInt {
		return nil, fmt.Errorf("%s: %d bytes are more than this system can address", name, size)
	}
	return parse(name, source{reader: r, size: int(size)})
}

// Parse reads safetensors from memory. b must not change while the File is used: float32 tensors alias it.
func Parse(b []byte) (*File, error) { return parse("safetensors", source{memory: b, size: len(b)}) }

// Metadata returns a copy of the free text fields of the header (__metadata__).
func (f *File) Metadata() map[string]string { return maps.Clone(f.metadata) }

func parse(name string, src source) (*File, error) {
	fail := func(err error) (*File, error) {
		return nil, fmt.Errorf("%s is not a whole safetensors file: %w; copy or download it again", name, err)
	}
	if src.size < 8 {
		return fail(fmt.Errorf("truncated: it has %d bytes, the length of the header alone takes 8: %d are missing", src.size, 8-src.size))
	}
	first, err := src.bytes(0, 8, nil)
	if err != nil {
		return fail(err)
	}
	size, have := binary.LittleEndian.Uint64(first), uint64(src.size-8)
	switch {
	case size > maxHeader:
		return fail(fmt.Errorf("it claims a header of %d bytes, the format allows %d", size, maxHeader))
	case size > have:
		return fail(fmt.Errorf("truncated: the header takes %d bytes, the file has %d after its length: %d are missing", size, have, size-have))
	}
	header, err := src.bytes(8, 8+int(size), nil)
	if err != nil {
		return fail(err)
	}
	f := &File{table: table{name: name, src: src, base: 8 + int(size), tensors: map[string]tensor{}}}
	if err := f.header(header); err != nil {
		return fail(err)
	}
	if err := f.layDown(false); err != nil {
		return fail(err)
	}
	return f, nil
}

// header reads the JSON header member by member, because a name that occurs twice must be an error and a Go map would
// keep the last one silently.
func (f *File) header(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("its header is not a JSON object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fmt.Errorf("its header is not JSON: %w", err)
		}
		name, _ := t.(string) // the decoder lets only strings be keys
		if name == "__metadata__" {
			if f.metadata != nil {
				return fmt.Errorf("__metadata__ occurs twice")
			}
			if err := d.Decode(&f.metadata); err != nil {
				return fmt.Errorf("__metadata__ must map strings to strings: %w", plain(err))
			}
			continue
		}
		var e struct {
			DType   DType  `json:"dtype"`
			Shape   []int  `json:"shape"`
			Offsets *[]int `json:"data_offsets"`
		}
		if err := d.Decode(&e); err != nil {
			return fmt.Errorf("tensor %q: %w", name, plain(err))
		}
		if _, ok := f.tensors[name]; ok {
			return fmt.Errorf("tensor %q occurs twice", name)
		}
		if len(f.tensors) == maxTensors {
			return fmt.Errorf("it has more than the %d tensors that are read", maxTensors)
		}
		if e.Offsets == nil || len(*e.Offsets) != 2 {
			return fmt.Errorf("tensor %q: data_offsets must be [begin, end]", name)
		}
		begin, end := (*e.Offsets)[0], (*e.Offsets)[1]
		if begin < 0 || end < begin {
			return fmt.Errorf("tensor %q: data_offsets [%d, %d] are no range", name, begin, end)
		}
		want, known, err := byteSize(e.DType, e.Shape)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		if known && want != end-begin {
			return fmt.Errorf("tensor %q: %s%v takes %d bytes, its data_offsets [%d, %d] hold %d", name, e.DType, e.Shape, want, begin, end, end-begin)
		}
		f.tensors[name] = tensor{Info{name, e.DType, e.Shape}, begin, end}
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return fmt.Errorf("its header is not JSON: %w", err)
	}
	if rest := bytes.TrimRight(b[d.InputOffset():], " "); len(rest) > 0 {
		return fmt.Errorf("%d bytes follow the JSON of its header", len(rest))
	}
	return nil
}

// plain says of a value of another type than it should have what it is, without the names of Go's types.
func plain(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New(strings.TrimSpace(e.Field + " cannot be a " + e.Value))
	}
	return err
}
