package kernelproxy

import (
	"encoding/binary"
	"math"
)

// littleEndian returns the bytes of numbers; as JSON they are base64.
func littleEndian(data []float32) []byte {
	b := make([]byte, 0, 4*len(data))
	for _, x := range data {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}
