package plotting

import (
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestOverlapTitle(t *testing.T) {
	two := func(z, chance float64) matrix {
		return matrix{[]string{"found", "contrast"}, []int{20, 20}, [][]float64{{1}, {z, 1}}, [][]float64{{.01}, {chance, .01}}}
	}
	three := sets(3)
	empty := matrix{[]string{"a", "b", "c"}, []int{1, 1, 1}, [][]float64{{1}, {0, 1}, {0, 0, 1}}, nil}
	for _, c := range []struct {
		x    Overlapping
		want string
	}{
		{two(.42, .012), "“found” and “contrast” overlap, Jaccard .42; chance gives .01"},
		{two(.42, .0012), "“found” and “contrast” overlap, Jaccard .42; chance gives under .01"},
		{two(.01, .012), "“found” and “contrast” share no more neurons than chance explains"},
		{two(0, .012), "“found” and “contrast” share no neuron"},
		{tested{two(.42, .012), .2}, "“found” and “contrast” share no more neurons than chance explains"},
		{tested{two(.42, .012), .04}, "“found” and “contrast” overlap, Jaccard .42; chance gives .01"},
		{tested{two(.42, .012), math.NaN()}, "“found” and “contrast” overlap, Jaccard .42; chance gives .01"},
		{three, "“capitals” and “languages” overlap most, Jaccard .42; chance gives .01"},
		{tested{three, .02}, "No two of the 3 circuits share more neurons than chance explains"},
		{tested{three, .01}, "“capitals” and “languages” overlap most, Jaccard .42; chance gives .01"},
		{matrix{three.names, three.sizes, three.z, nil}, "“capitals” and “languages” overlap most, Jaccard .42; what chance gives is unknown"},
		{empty, "No two of the 3 circuits share a neuron"},
		{matrix{[]string{"", " "}, []int{1, 1}, [][]float64{{1}, {1, 1}}, nil}, "“circuit 1” and “circuit 2” overlap, Jaccard 1.00; what chance gives is unknown"},
	} {
		if got := Overlap(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

func TestDoseResponseTitle(t *testing.T) {
	line := func(ys ...float64) dosed {
		return dosed{x: []float64{0, 1, 2}[:len(ys)], b: band{ys, ys, ys}}
	}
	beside := func(d dosed, r ...float64) dosed {
		d.randoms, d.r = 20, band{r, r, r}
		return d
	}
	for _, c := range []struct {
		x    []Dosed
		want string
	}{
		{[]Dosed{beside(line(1, 2, 3.5), 2, 2, 2)}, "From ×0 to ×2 the response rises by 2.50 logits, outside the random band throughout"},
		{[]Dosed{beside(line(3.5, 2, 1), 3.5, 2, 2)}, "From ×0 to ×2 the response falls by 2.50 logits, outside the random band at 1 of 2 multipliers"},
		{[]Dosed{beside(line(1, 2, 3), 1, 2, 3)}, "From ×0 to ×2 the response rises by 2.00 logits, no more than random circuits move it"},
		{[]Dosed{line(1, 5, 3)}, "The response is highest at ×1, +5.00, and lowest at ×0, +1.00 logits; no random circuit was measured"},
		{[]Dosed{line(1, 5, 4.95)}, "From ×0 to ×2 the response rises by 3.95 logits; no random circuit was measured"},
		{[]Dosed{line(1, 5, 4.9)}, "The response is highest at ×1, +5.00, and lowest at ×0, +1.00 logits; no random circuit was measured"},
		{[]Dosed{line(5, 1, 1.05)}, "From ×0 to ×2 the response falls by 3.95 logits; no random circuit was measured"},
		{[]Dosed{line(1, 2, 9), beside(line(1, 2, 3), 2, 2, 2)}, "From ×0 to ×2 the response to “circuit 2” rises by 2.00 logits, outside the random band throughout"},
		{[]Dosed{line(1, 1, 1)}, "From ×0 to ×2 the response does not change; no random circuit was measured"},
		{[]Dosed{beside(line(-4), 1)}, "At ×0 the response is −4.00 logits, outside the random band throughout"},
		{[]Dosed{line(1, 2, 3), func() dosed { d := line(9, 2, 1); d.name = "other"; return d }()},
			"From ×0 to ×2 the response to “other” falls by 8.00 logits; no random circuit was measured"},
	} {
		if got := DoseResponse(c.x...).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

// TestAWideIntervalIsNotOutside: where an interval overlaps the random band, the title does not say that the response is
// outside of it, however far its mean is.
func TestAWideIntervalIsNotOutside(t *testing.T) {
	beside := func(lo, hi []float64) dosed {
		return dosed{
			x: []float64{0, 1, 2}, b: band{[]float64{1, 2, 5}, lo, hi},
			randoms: 20, r: band{[]float64{2, 2, 2}, []float64{1.5, 2, 1.5}, []float64{2.5, 2, 2.5}},
		}
	}
	const rises = "From ×0 to ×2 the response rises by 4.00 logits"
	for _, c := range []struct {
		lo, hi []float64
		tail   string
	}{
		{[]float64{0.9, 1, 4}, []float64{1.1, 3, 6}, ", outside the random band throughout"},
		{[]float64{0.9, 1, 2.4}, []float64{1.1, 3, 7.6}, ", outside the random band at 1 of 2 multipliers"},
		{[]float64{0, 1, 2}, []float64{2, 3, 8}, "; its 95 % interval overlaps the random band throughout"},
		{[]float64{0.5, 1, 2.5}, []float64{1.5, 3, 7.5}, "; its 95 % interval overlaps the random band throughout"}, // they touch
	} {
		d := beside(c.lo, c.hi)
		if got := DoseResponse(d).TitleText(); got != rises+c.tail {
			t.Errorf("from %v to %v:\n got %q\nwant %q", c.lo, c.hi, got, rises+c.tail)
		}
		if alt := DoseResponse(d).Alt(); !strings.Contains(alt, c.tail) {
			t.Errorf("from %v to %v: the alternative text is %q", c.lo, c.hi, alt)
		}
	}
	d := beside(nil, nil)
	d.x, d.b = []float64{0}, band{[]float64{1}, []float64{0}, []float64{2}}
	d.r = band{[]float64{2}, []float64{1.5}, []float64{2.5}}
	if got, want := DoseResponse(d).TitleText(), "At ×0 the response is +1.00 logits; its 95 % interval overlaps the random band"; got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// TestDoseTicks: what was measured is labeled where there is room.
func TestDoseTicks(t *testing.T) {
	d := &doseChart{curves: []doseCurve{{x: []float64{0, 0.5, 2}}, {x: []float64{0, 1}}}}
	at := &sheet{data: vg.Point{X: 200, Y: 50}}
	if got := strings.Join(labels(doses{d.doses(), at}.Ticks(0, 2)), " "); got != "0 0.5 1 2" {
		t.Errorf("wide: %s", got)
	}
	d.curves[0].x = append(d.curves[0].x, 2.0001)
	if got := strings.Join(labels(doses{d.doses(), at}.Ticks(0, 2)), " "); got != "0 0.25 0.50 0.75 1.00 1.25 1.50 1.75 2.00" {
		t.Errorf("crowded: %s", got)
	}
}

func TestExplainedTitle(t *testing.T) {
	few := spanned{[]int{3}, map[int][]float64{3: {0, .2, .4}}, nil, map[int][]float64{3: {0, .3, .5}}}
	none := spans(6, 50)
	none.random, none.total = nil, nil
	for _, c := range []struct {
		x    spanned
		want string
	}{
		{spans(30, 50), "10 neurons of each layer span 48 % of the vector; of random directions 8 %"},
		{none, "10 neurons of layer 5 span 77 % of the vector there, the most of 6 layers"},
		{few, "2 neurons of layer 3 span 40 % of the vector, no more than of random directions (50 %)"},
		{spans(1, 5), "5 neurons of layer 0 span 10 % of the vector; of a random direction 6 %"},
		{spanned{[]int{0}, map[int][]float64{0: {0, 1}}, nil, nil}, "1 neuron of layer 0 spans all of the vector"},
	} {
		if got := Explained(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

func TestSubtitlesOfLines(t *testing.T) {
	for _, c := range []struct {
		fig  *Figure
		want string
	}{
		{DoseResponse(sigmoid("a", .5, 8, 20)), `Mean of logit(" wonderful") − logit(" terrible") over 8 prompts with its 95 % interval; gray: 20 random circuits (95 %)`},
		{DoseResponse(sigmoid("a", .5, 1, 0)), `Logit(" wonderful") − logit(" terrible"), 1 prompt`},
		{Explained(spans(1, 3)), "R² of the first k neurons of a greedy choice; gray: a random direction"},
	} {
		ch, err := c.fig.drawing()
		if err != nil {
			t.Fatal(err)
		}
		if got := ch.subtitle(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

// TestSpacedLabels holds that labels keep their distance and order, stay within the frame, and move only when they must.
func TestSpacedLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		n := 1 + r.IntN(6)
		at := make([]vg.Length, n)
		apart := true
		for i := range at {
			at[i] = vg.Length(100 * r.Float64())
			for _, x := range at[:i] {
				apart = apart && vg.Length(math.Abs(float64(x-at[i]))) >= 10
			}
		}
		got := spaced(at, 10, 0, 100)
		for i := range got {
			if got[i] < -1e-9 || got[i] > 100+1e-9 {
				t.Fatalf("%v: %v leaves the frame", at, got)
			}
			if apart && math.Abs(float64(got[i]-at[i])) > 1e-9 {
				t.Fatalf("%v moved to %v", at, got)
			}
			for j := range i {
				if d := got[i] - got[j]; math.Abs(float64(d)) < 10-1e-9 || (d > 0) != (at[i] > at[j]) {
					t.Fatalf("%v: %v and %v are too near or swapped", at, got[j], got[i])
				}
			}
		}
	}
	if got := spaced([]vg.Length{50, 52}, 10, 0, 100); got[0] != 46 || got[1] != 56 {
		t.Errorf("two that collide stand at %v, want 46 and 56", got)
	}
}

func TestAmountsBeginAtNone(t *testing.T) {
	for _, th := range []*theme{light, dark} {
		r := th.amounts()
		at := func(v float64) color.NRGBA { return amountInk(v, 3).in(th) }
		if at(0) != th.seq[0] || at(3) != th.seq[4] || at(9) != th.seq[4] || at(-1) != th.seq[0] {
			t.Error("the ends are not the anchors")
		}
		for i := 1; i < len(r); i++ {
			if rising := toOKLab(r[i]).l > toOKLab(r[i-1]).l; r[i] != r[i-1] && rising != (th.paper == dark.paper) {
				t.Errorf("step %d: %v after %v", i, r[i], r[i-1])
			}
			if c := contrast(r[i], th.on(r[i])); c < 3.9 {
				t.Errorf("a value on color %d has contrast %.2f", i, c)
			}
		}
		for i, c := range th.cat {
			if k := contrast(c, th.paper); k < 3 {
				t.Errorf("line %d on paper has contrast %.2f", i, k)
			}
		}
	}
}

// TestDoseResponseInstruction: what an instruction does widens the axis, stands in subtitle and alternative text, and is named at
// its line where there is one curve; of several each has its own line, and none a name.
func TestDoseResponseInstruction(t *testing.T) {
	with := instructed{sigmoid("praise", .5, 8, 0), [3]float64{40, 30, 50}, true}
	without := with
	without.ok = false
	chartOf := func(xs ...Dosed) *doseChart {
		c, err := newDoseChart(xs)
		if err != nil {
			t.Fatal(err)
		}
		return c.(*doseChart)
	}
	one, none, two := chartOf(with), chartOf(without), chartOf(with, with)
	if _, _, lo, hi := one.extent(); hi != 50 || lo > 0 {
		t.Errorf("the axis goes from %v to %v", lo, hi)
	}
	if _, _, _, hi := none.extent(); hi > 30 {
		t.Errorf("without an instruction the axis goes to %v", hi)
	}
	names := func(d *doseChart) (out []string) {
		for _, l := range d.ends() {
			out = append(out, l.name)
		}
		return out
	}
	if got := strings.Join(names(one), " "); got != "praise instruction" {
		t.Error(got)
	}
	if got := strings.Join(names(none), " ") + strings.Join(names(two), " "); strings.Contains(got, "instruction") {
		t.Error(got)
	}
	const tail, alt = "; dashed: an instruction in the prompt", "; after an instruction, unsteered +40.0 logits [+30.0, +50.0]."
	if !strings.HasSuffix(one.subtitle(), tail) || strings.Contains(none.subtitle(), "dashed") {
		t.Error(one.subtitle(), none.subtitle())
	}
	if !strings.Contains(one.alt(), alt) || strings.Count(two.alt(), alt) != 2 || strings.Contains(none.alt(), "instruction") {
		t.Error(one.alt())
	}
}
