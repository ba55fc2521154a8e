package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// errDamaged marks a file that is not the result that its name promises.
var errDamaged = errors.New("not a complete result")

// ReadFile reads and verifies the result at path. An error that is errDamaged is about what the file says; any other is
// about reaching it.
//
// The file is read, not mapped into memory: its numbers are used long after this, anywhere, and a mapping of a file that
// somebody else makes shorter would end the process there.
func ReadFile(path string) (steer.Record, steer.Ref, error) {
	b, err := regular.ReadOwn(path, maxResult)
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
