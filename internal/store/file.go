package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Keys of the metadata of a result file.
const (
	keyRef    = "neuronsteer.ref"    // the content address, hexadecimal
	keyHeader = "neuronsteer.header" // steer.Header as JSON
	keySum    = "neuronsteer.crc32c" // checksum over ref, header, names, shapes and numbers, eight hexadecimal digits
)

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
