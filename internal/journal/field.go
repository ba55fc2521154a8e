package journal

import (
	"fmt"
	"strconv"
	"strings"
)

// A Field is all values of one path, in their order. As text it is one short line, so that a notebook's file stays small and
// its differences readable: "n=3 values=0.5,1,2" or "n=9216 norm=31.4 dots=0.7,−2.1,9.5 same=6×1×1536".
type Field struct {
	N      int       // how many numbers
	Values []float64 // the numbers where there are few
	Norm   float64   // root of the sum of their squares
	Dots   []float64 // their sums under fixed random signs
	Same   string    // digest of texts, switches and of numbers where all are whole: these have no tolerance; a tensor's sizes
}

// MarshalText implements encoding.TextMarshaler.
func (f Field) MarshalText() ([]byte, error) {
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+value)
		}
	}
	if f.N > 0 {
		add("n", strconv.Itoa(f.N))
	}
	add("values", joined(f.Values))
	if f.Norm != 0 {
		add("norm", joined([]float64{f.Norm}))
	}
	add("dots", joined(f.Dots))
	add("same", f.Same)
	return []byte(strings.Join(out, " ")), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *Field) UnmarshalText(b []byte) (err error) {
	*f = Field{}
	for part := range strings.FieldsSeq(string(b)) {
		name, value, _ := strings.Cut(part, "=")
		var vs []float64
		switch name {
		case "n":
			f.N, err = strconv.Atoi(value)
		case "values":
			f.Values, err = split(value)
		case "norm":
			if vs, err = split(value); err == nil {
				f.Norm = vs[0]
			}
		case "dots":
			f.Dots, err = split(value)
		case "same":
			f.Same = value
		default:
			err = fmt.Errorf("a summary says %q, which this version does not know", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func joined(vs []float64) string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = strconv.FormatFloat(v, 'g', 9, 64) // more than any tolerance asks for
	}
	return strings.Join(out, ",")
}

func split(s string) ([]float64, error) {
	parts := strings.Split(s, ",")
	out := make([]float64, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
