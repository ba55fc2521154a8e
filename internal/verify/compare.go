package verify

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Difference is an output that another run shows otherwise.
type Difference struct {
	Where, What string
}

// String says it in a line.
func (d Difference) String() string { return d.Where + ": " + d.What }

// Compare holds what a notebook shows against what a fresh run of it shows, output by output, in their text. Two numbers agree
// when they are at most relative apart, or one unit of the last digit that is shown.
func Compare(was, is *File, relative float64) (out []Difference, numbers int) {
	if len(was.Outputs) != len(is.Outputs) {
		out = append(out, Difference{"the notebook", fmt.Sprintf("shows %d outputs now, %d before", len(is.Outputs), len(was.Outputs))})
	}
	for i := range min(len(was.Outputs), len(is.Outputs)) {
		a, b := was.Outputs[i], is.Outputs[i]
		if a.Origin.Type != b.Origin.Type {
			out = append(out, Difference{a.Where, fmt.Sprintf("is a %s now, a %s before", b.Origin.Type, a.Origin.Type)})
			continue
		}
		if a.Origin.Type == "Model" || a.Origin.Type == "InfoTask" || a.Origin.Type == "Info" {
			continue // says which machine it is
		}
		for _, kind := range []string{"text/plain", "text/html"} {
			what, n := compareText(words(kind, a.Forms[kind]), words(kind, b.Forms[kind]), relative)
			numbers += n
			if what != "" {
				out = append(out, Difference{a.Where, kind + " " + what})
				break
			}
		}
	}
	return out, numbers
}

// compareText compares two texts that may differ in their numbers.
func compareText(a, b string, relative float64) (what string, numbers int) {
	as, bs := numeral.FindAllString(a, -1), numeral.FindAllString(b, -1)
	if x, y := frame(a), frame(b); x != y || len(as) != len(bs) {
		return fmt.Sprintf("says %q now, %q before", at(y, x), at(x, y)), 0
	}
	for i := range as {
		x, y := value(as[i]), value(bs[i])
		if d := math.Abs(x - y); !(d <= relative*max(math.Abs(x), math.Abs(y)) || d <= 1.001*max(unit(as[i]), unit(bs[i])) && !whole(as[i])) {
			return fmt.Sprintf("says %s now, %s before", bs[i], as[i]), len(as)
		}
	}
	return "", len(as)
}

// frame is a text without its numbers, and without what only draws them.
func frame(s string) string {
	s = numeral.ReplaceAllString(s, "#")
	s = strings.Map(func(r rune) rune {
		if r >= 0x2580 && r <= 0x259F { // blocks of a bar
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// at returns where a parts from b.
func at(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	start := max(0, i-20)
	return strings.ToValidUTF8(a[start:min(len(a), i+30)], "…")
}

func value(s string) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(s, "−", "-"), ",", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func whole(s string) bool { return !strings.ContainsAny(s, ".e") }

// unit is one of the last digit that is shown.
func unit(s string) float64 {
	s, exponent, _ := strings.Cut(s, "e")
	_, decimals, _ := strings.Cut(s, ".")
	e, _ := strconv.Atoi(strings.ReplaceAll(exponent, "−", "-"))
	return math.Pow10(e - len(decimals))
}
