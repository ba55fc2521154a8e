package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Keys of the metadata of a result file.
const (
	keyRef    = "neuronsteer.ref"    // the content address, hexadecimal
	keyHeader = "neuronsteer.header" // steer.Header as JSON
	keySum    = "neuronsteer.crc32c" // checksum over ref, header, names, shapes and numbers, eight hexadecimal digits
)

// errDamaged marks a file that is not the result that its name promises.
var errDamaged = errors.New("not a complete result")

// maxResult bounds the file of a result, in bytes.
const maxResult = 16 << 30

// encode writes rec as a result file.
func encode(w io.Writer, ref steer.Ref, rec steer.Record) error {
	header, err := EncodeJSON(rec.Header)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(rec.Tensors))
	tensors := make([]tensorfile.Tensor, len(names))
	for i, name := range names {
		t := rec.Tensors[name]
		tensors[i] = tensorfile.Tensor{Name: name, Shape: t.Shape, Data: t.Data}
	}
	return tensorfile.WriteSafetensors(w, map[string]string{
		keyRef:    ref.String(),
		keyHeader: string(header),
		keySum:    fmt.Sprintf("%08x", checksum(ref, header, rec.Tensors)),
	}, tensors)
}

// EncodeJSON is json.Marshal without its escaping of <, > and &, which would change the bytes of a header's body.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// checksum is the CRC-32C of everything in a record. It finds accidents, not forgeries: the folder is the user's own, and
// a cryptographic hash of a large result would cost more than reading it.
func checksum(ref steer.Ref, header []byte, tensors map[string]steer.Tensor) uint32 {
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	number := func(n int) { h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	h.Write(ref[:])
	number(len(header))
	h.Write(header)
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		t := tensors[name]
		number(len(name))
		h.Write([]byte(name))
		number(len(t.Shape))
		for _, d := range t.Shape {
			number(d)
		}
		h.Write(tensorfile.Bytes(t.Data))
	}
	return h.Sum32()
}

// ReadFile reads and verifies the result at path. An error that is errDamaged is about what the file says; any other is
// about reaching it.
//
// The file is read, not mapped into memory: its numbers are used long after this, anywhere, and a mapping of a file that
// somebody else makes shorter would end the process there.
func ReadFile(path string) (steer.Record, steer.Ref, error) {
	b, err := regular.ReadFile(path, maxResult)
	if err == nil {
		rec, ref, err := Decode(b)
		if err == nil {
			return rec, ref, nil
		}
		return steer.Record{}, steer.Ref{}, fmt.Errorf("%s: %w: %w", path, errDamaged, err)
	}
	if errno := syscall.Errno(0); !errors.As(err, &errno) { // the system reached it, and it is no file or no such file
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return steer.Record{}, steer.Ref{}, err
}

// Decode reads and verifies a result file's bytes. The record aliases them.
func Decode(b []byte) (steer.Record, steer.Ref, error) {
	f, err := tensorfile.Parse(b)
	if err != nil {
		return steer.Record{}, steer.Ref{}, err
	}
	return verify(f)
}

// verify takes the record out of a parsed file and checks that it is whole and that its name is its address.
func verify(f *tensorfile.File) (rec steer.Record, ref steer.Ref, err error) {
	meta := f.Metadata()
	name, err := hex.DecodeString(meta[keyRef])
	if err != nil || len(name) != len(ref) {
		return rec, ref, errors.New("the metadata hold no content address")
	}
	copy(ref[:], name)
	d := json.NewDecoder(bytes.NewReader([]byte(meta[keyHeader])))
	d.DisallowUnknownFields()
	if err := d.Decode(&rec.Header); err != nil {
		return rec, ref, fmt.Errorf("the header cannot be read: %w", err)
	}
	rec.Tensors = make(map[string]steer.Tensor, len(f.Names()))
	for _, name := range f.Names() {
		info, _ := f.Info(name)
		if info.DType != tensorfile.F32 {
			return rec, ref, fmt.Errorf("tensor %q has type %s, not F32", name, info.DType)
		}
		data, err := f.Float32(name)
		if err != nil {
			return rec, ref, err
		}
		rec.Tensors[name] = steer.Tensor{Shape: info.Shape, Data: data}
	}
	if sum := fmt.Sprintf("%08x", checksum(ref, []byte(meta[keyHeader]), rec.Tensors)); sum != meta[keySum] {
		return rec, ref, fmt.Errorf("the checksum is %s, the file says %q", sum, meta[keySum])
	}
	if at := rec.Header.Request.Ref(rec.Header.Identity); at != ref {
		return rec, ref, fmt.Errorf("the header is that of %s, the file says %s", at.Short(), ref.Short())
	}
	return rec, ref, nil
}
