package tensorfile

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A table is what the two formats have in common: named tensors in a section of a file.
type table struct {
	name    string // for messages: the path, or the name of the format
	names   []string
	tensors map[string]tensor

	mu      sync.RWMutex // held while a tensor is read, so that Close does not end the file under it
	src     source       // empty once closed
	base    int          // where in src the section begins that offsets count from
	closed  bool
	release func() error
}

// have returns the bytes of the section.
func (t *table) have() int { return t.src.size - t.base }

// A tensor is an Info and where its bytes are.
type tensor struct {
	Info
	begin, end int // in the section
}

// Names returns the names of all tensors, sorted.
func (t *table) Names() []string { return slices.Clone(t.names) }

// Info returns what the file says about a tensor. ok is false when there is none of this name.
func (t *table) Info(name string) (info Info, ok bool) {
	x, ok := t.tensors[name]
	x.Shape = slices.Clone(x.Shape)
	return x.Info, ok
}

// Float32 returns a tensor as float32, row-major, len = product of its shape. Of a file it is the caller's own; of bytes
// in memory, F32 that lies aligned is those bytes and must not be written. F16, BF16 and the quantized types widen exactly
// or as the format defines; F64 is rounded to nearest. A type without a reader here is an error that names it.
func (t *table) Float32(name string) ([]float32, error) {
	return read(t, name, toFloat32)
}

// Int64 returns a tensor of integers or booleans, row-major. A U64 above the largest int64 is an error.
func (t *table) Int64(name string) ([]int64, error) {
	return read(t, name, toInt64)
}

// Raw returns the bytes of a tensor as the file stores them, with their type and shape: whole blocks, row by row. Of a file
// they are the caller's own; of bytes in memory they are those bytes and must not be written. A type of unknown size is an
// error that names it.
func (t *table) Raw(name string) (format DType, shape []int, stored []byte, err error) {
	info, _ := t.Info(name)
	stored, err = read(t, name, toBytes)
	return info.DType, info.Shape, stored, err
}

// Float32Rows is Float32 for the rows from lo to hi of a tensor, of its first dimension; nothing else of it is read.
func (t *table) Float32Rows(name string, lo, hi int) ([]float32, error) {
	return readRows(t, name, lo, hi, toFloat32)
}

// RawRows is Raw for the rows from lo to hi of a tensor, of its first dimension; nothing else of it is read.
func (t *table) RawRows(name string, lo, hi int) (format DType, stored []byte, err error) {
	stored, err = readRows(t, name, lo, hi, toBytes)
	return t.tensors[name].DType, stored, err
}

func read[T any](t *table, name string, convert func(DType, section, int) ([]T, error)) ([]T, error) {
	x, ok := t.tensors[name]
	if !ok {
		return nil, t.missing(name)
	}
	return readTensor(t, x, convert)
}

func readRows[T any](t *table, name string, lo, hi int, convert func(DType, section, int) ([]T, error)) ([]T, error) {
	x, ok := t.tensors[name]
	if !ok {
		return nil, t.missing(name)
	}
	if len(x.Shape) == 0 || lo < 0 || lo > hi || hi > x.Shape[0] {
		return nil, fmt.Errorf("%s: tensor %q is %v, it has no rows %d to %d", t.name, name, x.Shape, lo, hi)
	}
	row := append([]int{1}, x.Shape[1:]...)
	size, known, err := byteSize(x.DType, row) // blocks that go across rows are an error
	if err != nil {
		return nil, fmt.Errorf("%s: a row of tensor %q: %w", t.name, name, err)
	}
	if known {
		x.begin, x.end = x.begin+lo*size, x.begin+hi*size
	}
	x.Shape = append([]int{hi - lo}, x.Shape[1:]...)
	return readTensor(t, x, convert)
}

func (t *table) missing(name string) error {
	return fmt.Errorf("%s: no tensor %q%s", t.name, name, t.similar(name))
}

func readTensor[T any](t *table, x tensor, convert func(DType, section, int) ([]T, error)) ([]T, error) {
	name := x.Name
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed {
		return nil, fmt.Errorf("%s: tensor %q: the file is closed", t.name, name)
	}
	n, err := elements(x.Shape)
	if err != nil {
		return nil, fmt.Errorf("%s: tensor %q: %w", t.name, name, err)
	}
	v, err := convert(x.DType, section{t.src, t.base + x.begin, t.base + x.end}, n)
	if err != nil {
		return nil, fmt.Errorf("%s: tensor %q: %w", t.name, name, err)
	}
	return v, nil
}

// similar lists a few names that end like name, for the message of a name that is not there.
func (t *table) similar(name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	var near []string
	for _, n := range t.names {
		if last != "" && strings.HasSuffix(n, last) {
			near = append(near, n)
		}
	}
	if len(near) == 0 {
		near = t.names
	}
	if len(near) == 0 {
		return "; the file has no tensors"
	}
	more := ""
	if len(near) > 3 {
		near, more = near[:3], ", …"
	}
	return "; there is " + strings.Join(near, ", ") + more
}

// Close closes the file. What Float32 and Int64 gave stays valid. Closing twice is fine.
func (t *table) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed, t.src = true, source{}
	if t.release == nil {
		return nil
	}
	return t.release()
}

// layDown checks that the tensors lie inside the data without overlapping and fills names. gaps says whether bytes
// between tensors are allowed (GGUF pads, safetensors does not).
func (t *table) layDown(gaps bool) error {
	order := make([]tensor, 0, len(t.tensors))
	for _, x := range t.tensors {
		order = append(order, x)
		t.names = append(t.names, x.Name)
	}
	slices.Sort(t.names)
	slices.SortFunc(order, func(a, b tensor) int {
		if a.begin != b.begin {
			return a.begin - b.begin
		}
		if a.end != b.end {
			return a.end - b.end
		}
		return strings.Compare(a.Name, b.Name)
	})
	at, before := 0, ""
	for _, x := range order {
		switch {
		case x.begin < at:
			return fmt.Errorf("tensor %q starts at byte %d of the data, inside %q, which ends at %d", x.Name, x.begin, before, at)
		case x.begin > at && !gaps:
			return fmt.Errorf("bytes %d to %d of the data, before tensor %q, belong to no tensor", at, x.begin, x.Name)
		}
		at, before = x.end, x.Name
	}
	if have := t.have(); at > have {
		return fmt.Errorf("truncated: tensor %q ends at byte %d of the data, the file has %d: %d bytes are missing", before, at, have, at-have)
	} else if at < have && !gaps {
		return fmt.Errorf("%d bytes after the last tensor belong to no tensor", have-at)
	}
	return nil
}
