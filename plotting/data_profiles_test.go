package plotting

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// profiled is constructed data for Profiles.
type profiled struct {
	units           []string
	reads, writes   [][]float64
	effects         []float64
	tokens, outputs []string
}

func (p profiled) Rows() (units []string, reads, writes [][]float64, effects []float64) {
	return p.units, p.reads, p.writes, p.effects
}
func (p profiled) Columns() (tokens, outputs []string) { return p.tokens, p.outputs }
func (p profiled) About() string                       { return `logit(" wonderful") − logit(" terrible")` }
func (p profiled) N() (int, string)                    { return 1, "prompt" }
func (p profiled) Unit() string                        { return "logits" }

// parted is the same in groups, with the tree that they were cut from.
type parted struct {
	profiled
	names                    []string
	of                       []int
	silhouettes, stabilities []float64
	fit                      [4]float64
	a, b                     []int
	heights                  []float64
}

func (p parted) Parts() (names []string, of []int, silhouettes, stabilities []float64) {
	return p.names, p.of, p.silhouettes, p.stabilities
}
func (p parted) Fit() (silhouette, lo, hi, chance float64) {
	return p.fit[0], p.fit[1], p.fit[2], p.fit[3]
}
func (p parted) Tree() (a, b []int, heights []float64) { return p.a, p.b, p.heights }

// reading is a circuit of groups of some sizes, each of which reads its own tokens and writes its own outputs.
func reading(labels, outputs []string, sizes ...int) (p parted) {
	r := rand.New(rand.NewPCG(5, 6))
	p.tokens, p.outputs = labels, outputs
	p.fit = [4]float64{.53, .17, .28, .01}
	row := func(n, g int, size float64) (out []float64) {
		for j := range n {
			x := r.NormFloat64() * .25
			if j%len(sizes) == g {
				x++
			}
			out = append(out, size*x)
		}
		return out
	}
	var tops []int
	add := func(a, b int, height float64) int {
		p.a, p.b, p.heights = append(p.a, a), append(p.b, b), append(p.heights, height)
		return len(p.a) - 1
	}
	total := 0
	for _, n := range sizes {
		total += n
	}
	inner := 0
	for g, n := range sizes {
		top := len(p.units)
		for k := range n {
			l := g + r.IntN(3)
			name := fmt.Sprintf("L%d/N%d", l, 7+13*len(p.units))
			if k%6 == 5 {
				name = fmt.Sprintf("L%d/H%d", l, k%4)
			}
			size := r.ExpFloat64() * []float64{1, -1}[g%2]
			p.units, p.of = append(p.units, name), append(p.of, g)
			p.reads, p.writes = append(p.reads, row(len(labels), g, size)), append(p.writes, row(len(outputs), g, size))
			p.effects = append(p.effects, size*3)
			if k > 0 {
				top = total + add(top, len(p.units)-1, .1+.3*float64(inner)/float64(total))
				inner++
			}
		}
		tops = append(tops, top)
		name := "nothing"
		if len(labels) > 0 {
			name = fmt.Sprintf("%q", labels[g%len(labels)])
		}
		if len(outputs) > 0 {
			name += fmt.Sprintf(" → %q", outputs[g%len(outputs)])
		}
		p.names = append(p.names, name)
		p.silhouettes, p.stabilities = append(p.silhouettes, .8-.2*float64(g)), append(p.stabilities, 1/float64(1+g))
	}
	for g, top := range tops[1:] {
		tops[g+1] = total + add(tops[g], top, .7+.2*float64(g))
	}
	return p
}

// outcomes are tokens that may come next.
func outcomes(n int) (out []string) {
	words := []string{" wonderful", " terrible", " awful", " great", " lovely", " dull", " perfect", " bad", " good", " fine", " dreadful", " superb"}
	for i := range n {
		out = append(out, words[i%len(words)])
	}
	return out
}

// alone is two units in one group, with something changed.
func alone(change func(*parted)) parted {
	p := reading([]string{"x"}, []string{"y"}, 2)
	change(&p)
	return p
}

// mixed is a circuit whose groups do not stand together.
func mixed() parted {
	p := reading([]string{"x"}, []string{"y"}, 2, 1)
	p.of = []int{0, 1, 0}
	return p
}

// TestProfilesTitle: how well units fall into groups, beside chance; without groups what is read and written most.
func TestProfilesTitle(t *testing.T) {
	by := func(p float64, sizes ...int) parted {
		g := reading([]string{" a", " b"}, []string{" c", " d"}, sizes...)
		g.fit[3] = p
		return g
	}
	most := profiled{[]string{"u", "v"}, [][]float64{{3, 0}, {-3, 2}}, [][]float64{{0, 0}, {0, 0}}, []float64{1, 2}, []string{" a", " b"}, []string{" c", " d"}}
	for _, c := range []struct {
		x    Profiled
		want string
	}{
		{by(.01, 3, 2), `5 units fall into 2 groups (silhouette .53, by chance .17 to .28): " a" → " c" (stability 1.00) and " b" → " d" (stability .50)`},
		{by(.01, 1, 4, 2), `7 units fall into 3 groups (silhouette .53, by chance .17 to .28); the largest is " b" → " d" (stability .50)`},
		{by(.3, 3, 2), "5 units fall into 2 groups no better than chance does: silhouette .53, by chance .17 to .28"},
		{by(.01, 3), `One group, " a" → " c": all 3 units read and write alike`},
		{by(.01, 1), `One group, " a" → " c": there is only one unit`},
		{most, "Most is read from “·a” (75 %)"},
		{profiled{[]string{"u"}, [][]float64{{0}}, [][]float64{{}}, []float64{0}, []string{" a"}, nil}, "Nothing is read and nothing is written"},
	} {
		if got := Profiles(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

// TestProfilesHaveLengthOne: every row that is not nothing, and the columns that are left out are the weakest.
func TestProfilesHaveLengthOne(t *testing.T) {
	rows := [][]float64{{3, 4, 0}, {0, 0, 0}, {-1e-300, 0, 1e-300}, {4e307, -4e307, 4e307}}
	for most, length := range map[int][]float64{3: {1, 0, 1, 1}, 2: {1, 0, math.Sqrt(.5), math.Sqrt(2. / 3)}} {
		s := newProfileSide([]string{"a", "b", "c"}, rows, most)
		if len(s.labels) != most || most == 2 && !slices.Equal(s.labels, []string{"a", "b"}) {
			t.Errorf("%d columns are %v", most, s.labels)
		}
		for i, row := range s.z {
			sum := 0.
			for _, v := range row {
				sum += v * v
			}
			if math.Abs(math.Sqrt(sum)-length[i]) > 1e-12 {
				t.Errorf("row %d of %d columns has length %v, want %v", i, most, math.Sqrt(sum), length[i])
			}
		}
	}
}
