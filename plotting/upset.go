package plotting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Membered is what [UpSet] draws, e.g. a circuit: a set with a name and the names of what is in it.
type Membered interface {
	Name() string
	Members() []string
}

// UpSet describes a figure of which neurons are in which of several circuits and in no other: a bar for every combination, largest
// first, above dots that say which circuits it is of (Lex et al. 2014). For what pairs share there is [Overlap], beside chance. Of
// more than 24 combinations the largest are drawn. The sets are asked once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData] or, of more than 16 sets, with [ErrSize].
func UpSet[S Membered](sets ...S) *Figure {
	list := make([]Membered, len(sets))
	for i, s := range sets {
		list[i] = s
	}
	return newFigure("plotting.UpSet", func() (chart, error) { return newUpSetChart(list) })
}

// The most sets and combinations that are drawn.
const (
	mostSets         = 16
	mostCombinations = 24
)

// upsetChart is the checked data of an UpSet figure.
type upsetChart struct {
	source
	names  []string // [S]
	sizes  []int    // [S]
	combos []combination
	all    int // how many combinations there are
	union  int // members of any set
}

// A combination is of the members that are in certain sets and in no other.
type combination struct {
	in uint32 // a bit for each set
	n  int
}

func newUpSetChart(sets []Membered) (chart, error) {
	const where = "plotting.UpSet"
	switch {
	case len(sets) < 2:
		return nil, problemf(ErrNoData, where, "compare two or more circuits, e.g. UpSet(a, b, c)", "%s", count(len(sets), "set"))
	case len(sets) > mostSets:
		return nil, problemf(ErrSize, where, "leave some out, or draw pairs with Overlap", "%d sets, of which %d can be told apart", len(sets), mostSets)
	}
	u := &upsetChart{}
	in := map[string]uint32{}
	for i, s := range sets {
		if s == nil {
			return nil, problemf(ErrNoData, fmt.Sprintf("%s: set %d", where, i+1), "compare two or more circuits", "got nil")
		}
		name := strings.TrimSpace(s.Name())
		u.names = append(u.names, cmp.Or(name, fmt.Sprintf("circuit %d", i+1)))
		size := 0
		for _, m := range s.Members() {
			if in[m]&(1<<i) == 0 {
				size++
			}
			in[m] |= 1 << i
		}
		u.sizes = append(u.sizes, size)
		if i == 0 {
			u.source = describe(s)
		}
	}
	if u.union = len(in); u.union == 0 {
		return nil, problemf(ErrNoData, where, "select at least one neuron, e.g. TopK(20)", "all sets are empty")
	}
	counts := map[uint32]int{}
	for _, bits := range in {
		counts[bits]++
	}
	for bits, n := range counts {
		u.combos = append(u.combos, combination{bits, n})
	}
	slices.SortFunc(u.combos, func(a, b combination) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.in, b.in)) })
	u.all = len(u.combos)
	u.combos = u.combos[:min(u.all, mostCombinations)]
	return u, nil
}

// whose names the sets of a combination.
func (u *upsetChart) whose(c combination) string {
	var names []string
	for i, name := range u.names {
		if c.in&(1<<i) != 0 {
			names = append(names, "“"+name+"”")
		}
	}
	if len(names) == 1 {
		return "only in " + names[0]
	}
	if len(names) == len(u.names) {
		return "in " + u.every()
	}
	return "only in " + list(names)
}

// every names all sets.
func (u *upsetChart) every() string {
	if len(u.names) == 2 {
		return "both circuits"
	}
	return fmt.Sprintf("all %d circuits", len(u.names))
}

// title says how many are in all sets, or which combination is largest.
func (u *upsetChart) title() string {
	every := uint32(1)<<len(u.names) - 1
	shared := 0
	for _, c := range u.combos {
		if c.in == every {
			shared = c.n
		}
	}
	top := u.combos[0]
	of := fmt.Sprintf("%s of %s neurons", grouped(top.n), grouped(u.union))
	verb := map[bool]string{true: "is", false: "are"}[top.n == 1]
	switch {
	case top.in == every && top.n == u.union:
		return fmt.Sprintf("%s have the same %s neurons", capitalized(u.every()), grouped(u.union))
	case top.in == every:
		return fmt.Sprintf("Most, %s, %s in %s", of, verb, u.every())
	case shared > 0:
		return fmt.Sprintf("%s of %s neurons %s in %s; most, %s, %s", grouped(shared), grouped(u.union),
			map[bool]string{true: "is", false: "are"}[shared == 1], u.every(), grouped(top.n), u.whose(top))
	}
	return fmt.Sprintf("No neuron is in %s; most, %s, %s %s", u.every(), of, verb, u.whose(top))
}

func (u *upsetChart) subtitle() string {
	t := fmt.Sprintf("Neurons that are in these circuits and in no other, n = %s", grouped(u.union))
	if len(u.combos) < u.all {
		t += fmt.Sprintf("; the largest %d of %d combinations", len(u.combos), u.all)
	}
	return t
}

// alt tells the sets and the combinations.
func (u *upsetChart) alt() string {
	var b strings.Builder
	rows := make([]string, len(u.names))
	for i, name := range u.names {
		rows[i] = fmt.Sprintf("%s (n=%d)", name, u.sizes[i])
	}
	fmt.Fprintf(&b, "Bars of what %s have in common: %s. %s.", count(len(u.names), "circuit"), list(rows), u.title())
	for i, c := range u.combos {
		if i == pairsTold {
			fmt.Fprintf(&b, " %d more combinations.", u.all-i)
			break
		}
		fmt.Fprintf(&b, " %s: %s.", capitalized(u.whose(c)), grouped(c.n))
	}
	return b.String()
}

// Sizes of the figure: a row of dots, and the bars above.
const (
	upsetRow  = vg.Length(15)
	upsetBars = vg.Length(105)
)

func (u *upsetChart) size() (w, h vg.Length) {
	w = 150 + vg.Length(len(u.combos))*24
	return min(max(w, 4*vg.Inch), 6.5*vg.Inch), upsetBars + upsetRow*vg.Length(len(u.names)) + 14
}

// rows is the part of the height that the dots have, in rows of dots; the bars have the rest.
func (u *upsetChart) bars() float64 { return float64(upsetBars / upsetRow) }

// plot has combinations across; a row of dots stands at its set's number below zero, and a bar ends where it is as high as the
// largest.
func (u *upsetChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	p.Add(upsetCells{u})
	p.X.Min, p.X.Max = -.6, float64(len(u.combos))-.4
	p.Y.Min, p.Y.Max = -float64(len(u.names))-.1, u.bars()
	p.X.Tick.Marker = plot.ConstantTicks{}
	p.Y.Tick.Label.Color = textInk
	names := make([]string, len(u.names))
	for i, name := range apartNames(sans(tickSize), u.names, nameMost) {
		names[i] = fmt.Sprintf("%s (%s)", name, grouped(u.sizes[i]))
	}
	p.Y.Tick.Marker = setNames{names, at}
	return p
}

// setNames labels the rows of dots.
type setNames struct {
	names []string
	at    *sheet
}

// Ticks returns the names.
func (n setNames) Ticks(lo, hi float64) (ticks []plot.Tick) {
	for i, s := range n.names {
		ticks = append(ticks, plot.Tick{Value: -float64(i) - .6, Label: oneLine(sans(tickSize), s, n.at.page*.4)})
	}
	return apart(ticks, n.at.data.Y/vg.Length(hi-lo))
}

// upsetCells plots bars and dots.
type upsetCells struct{ *upsetChart }

// Plot draws a column for every combination.
func (u upsetCells) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	wide, row := trX(1)-trX(0), trY(1)-trY(0)
	for i := range u.names { // every second row has a ground of its own
		if i%2 == 0 {
			y := trY(-float64(i) - .6)
			fillRect(c, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: y - row/2}, Max: vg.Point{X: c.Max.X, Y: y + row/2}}, gridInk.faint(110))
		}
	}
	radius := min(row*.27, wide*.3, 4)
	number := style(sansFont, tickSize-.5, textInk)
	number.XAlign = draw.XCenter
	room := c.Max.Y - trY(0) - tickSize*1.4
	for k, s := range u.combos {
		x := trX(float64(k))
		if !c.ContainsX(x) {
			continue
		}
		high := trY(0) + room*vg.Length(s.n)/vg.Length(u.combos[0].n)
		fillRect(c, vg.Rectangle{Min: vg.Point{X: x - wide*.33, Y: trY(0)}, Max: vg.Point{X: x + wide*.33, Y: high}}, lineInk(0))
		if at := (vg.Point{X: x, Y: high + 2.5}); c.Contains(at) {
			number.Font.Size, _ = fitted(style(sansFont, tickSize-.5, textInk), grouped(s.n), wide*1.1)
			c.FillText(number, at, grouped(s.n))
		}
		first, last := -1, -1
		for i := range u.names {
			at := vg.Point{X: x, Y: trY(-float64(i) - .6)}
			in := s.in&(1<<i) != 0
			dot := draw.GlyphStyle{Color: gridInk, Radius: radius, Shape: draw.CircleGlyph{}}
			if in {
				dot.Color = textInk
				if last = i; first < 0 {
					first = i
				}
			}
			if c.Contains(at) {
				c.DrawGlyph(dot, at)
			}
		}
		if first < last {
			c.StrokeLines(draw.LineStyle{Color: textInk, Width: 1.4},
				c.ClipLinesXY([]vg.Point{{X: x, Y: trY(-float64(first) - .6)}, {X: x, Y: trY(-float64(last) - .6)}})...)
		}
	}
}
