package journal

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A Summary says of each field of a record what is enough to compare it: those of the body by their path, without the
// places in lists (doses.difference.value), and the tensors by their name with a # before it.
type Summary map[string]Field

const (
	fewest   = 4       // numbers that are kept as they are
	signs    = 3       // sums under random signs
	sampled  = 4096    // numbers of a tensor that are looked at, at equal distances
	longBody = 1 << 20 // bytes; only the digest of a longer body is kept
)

// Summarize returns the summary of a record.
func Summarize(rec steer.Record) Summary {
	s := Summary{}
	if body := rec.Header.Body; len(body) > longBody {
		s["body"] = Field{Same: Digest(body)}
	} else {
		var v any
		d := json.NewDecoder(strings.NewReader(string(body)))
		d.UseNumber()
		if d.Decode(&v) == nil {
			g := gathering{}
			g.walk("", v)
			for path, x := range g {
				s[path] = x.field()
			}
		}
	}
	for name, t := range rec.Tensors {
		step := max(1, (len(t.Data)+sampled-1)/sampled)
		var x gathered
		for i := 0; i < len(t.Data); i += step {
			x.add(float64(t.Data[i]))
		}
		f := x.numbers()
		f.Same = sizes(t.Shape)
		s["#"+name] = f
	}
	return s
}

// sizes writes a shape, e.g. 6×11×1536.
func sizes(shape []int) string {
	var b strings.Builder
	for i, d := range shape {
		if i > 0 {
			b.WriteString("×")
		}
		b.WriteString(strconv.Itoa(d))
	}
	return b.String()
}

// gathering is the values of a body by path.
type gathering map[string]*gathered

type gathered struct {
	values []float64
	texts  strings.Builder // whatever is no number, and whole numbers as they are written
	broken bool            // some number is not whole
}

func (g gathering) at(path string) *gathered {
	x := g[path]
	if x == nil {
		x = &gathered{}
		g[path] = x
	}
	return x
}

// walk adds a value and all in it. Fields of an object are met in any order, which matters to none of them.
func (g gathering) walk(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			g.walk(strings.TrimPrefix(path+"."+k, "."), x)
		}
	case []any:
		for _, x := range v {
			g.walk(path, x)
		}
	case json.Number:
		x := g.at(path)
		f, err := v.Float64()
		if err != nil {
			f = math.NaN()
		}
		x.add(f)
		x.texts.WriteString(v.String() + "\x00")
		x.broken = x.broken || strings.ContainsAny(v.String(), ".eE")
	default:
		b, _ := json.Marshal(v) //nolint:errchkjson // a text, true, false or null
		g.at(path).texts.WriteString(string(b) + "\x00")
	}
}

func (x *gathered) add(f float64) { x.values = append(x.values, f) }

func (x *gathered) field() Field {
	f := x.numbers()
	if !x.broken {
		f.Same = Digest([]byte(x.texts.String()))
	}
	return f
}

// numbers summarizes the values. What is no finite number has no summary of its own and counts as 0.
func (x *gathered) numbers() Field {
	f := Field{N: len(x.values)}
	if f.N > 0 && f.N <= fewest {
		f.Values = make([]float64, f.N)
		for i, v := range x.values {
			f.Values[i] = finite(v)
		}
		return f
	}
	if f.N == 0 {
		return f
	}
	f.Dots = make([]float64, signs)
	bits := uint64(0x9E3779B97F4A7C15)
	var squares float64
	for _, v := range x.values {
		v = finite(v)
		squares += v * v
		bits ^= bits << 13 // xorshift64
		bits ^= bits >> 7
		bits ^= bits << 17
		for j := range f.Dots {
			if bits>>(20+j)&1 == 0 {
				f.Dots[j] += v
			} else {
				f.Dots[j] -= v
			}
		}
	}
	f.Norm = math.Sqrt(squares)
	return f
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
