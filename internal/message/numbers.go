package message

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Finite reports whether float32 holds a number: it is no NaN, no infinity, and none as a float32.
func Finite[F float32 | float64](x F) bool { return float32(x)-float32(x) == 0 }

// FirstNotFinite returns the first index of a number that is not Finite, or −1.
func FirstNotFinite[F float32 | float64](v []F) int {
	return slices.IndexFunc(v, func(x F) bool { return !Finite(x) })
}

// Numbers is a list of float32 in a request: base64 of its little-endian bytes, so that the exact bits are the address.
type Numbers []float32

// MarshalJSON implements json.Marshaler.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 4*len(n))
	for _, x := range n {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(b))
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Numbers) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(raw)%4 != 0 {
		return fmt.Errorf("not a list of 32-bit numbers in base64 (%d bytes)", len(raw))
	}
	*n = make(Numbers, len(raw)/4)
	for i := range *n {
		(*n)[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return nil
}

// Norm returns the Euclidean norm, in float64.
func Norm(v []float32) float64 { return math.Sqrt(Inner(v, v)) }

// Inner returns the scalar product, in float64.
func Inner(a, b []float32) float64 {
	var s float64
	for i, x := range a {
		s += float64(x) * float64(b[i])
	}
	return s
}
