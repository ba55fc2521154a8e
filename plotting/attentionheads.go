package plotting

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// AttentionHeads describes a figure of what all heads of a layer attend to: a small pattern for each, queries down and keys across,
// with where it looks. x is asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func AttentionHeads(x Attending) *Figure {
	const where = "plotting.AttentionHeads"
	return newFigure(where, func() (chart, error) {
		a, err := newAttending(where, x)
		if err != nil {
			return nil, err
		}
		return &headsChart{a}, nil
	})
}

// headsChart is the checked data of an AttentionHeads figure.
type headsChart struct{ *attending }

// title counts the heads by where they look.
func (h *headsChart) title() string {
	n := map[string]int{}
	for i := range h.p {
		if b := h.habit(i); b.share >= habitual {
			n[b.what]++
		}
	}
	var told []string
	for _, x := range habits {
		if k := n[x.what]; k > 0 {
			what := x.what
			if k > 1 {
				what = strings.Replace(what, "its", "their", 1)
			}
			told = append(told, fmt.Sprintf("%d at %s", k, what))
		}
	}
	switch {
	case len(h.labels) < 3:
		verb := "attend"
		if len(h.p) == 1 {
			verb = "attends"
		}
		return fmt.Sprintf("What %s %s to over %s", count(len(h.p), "head"), verb, count(len(h.labels), "token"))
	case len(told) == 0 && len(h.p) == 1:
		return "The only head has no fixed place to look at"
	case len(told) == 0:
		return fmt.Sprintf("None of %s has a fixed place to look at", count(len(h.p), "head"))
	case len(h.p) == 1:
		return fmt.Sprintf("The only head looks %s", told[0][2:])
	}
	verb := "look"
	if strings.HasPrefix(told[0], "1 ") {
		verb = "looks"
	}
	return strings.Replace(fmt.Sprintf("Of %s, %s", count(len(h.p), "head"), list(told)), " at", " "+verb+" at", 1)
}

func (h *headsChart) subtitle() string {
	return h.source.subtitle(fmt.Sprintf("attention patterns, n = %s; queries down, keys across", count(len(h.labels), "token")))
}

// short names a head with where it looks.
func (h *headsChart) short(i int) string {
	b := h.habit(i)
	if b.share < habitual {
		return fmt.Sprintf("H%d", i)
	}
	what := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(b.what, "the "), "its "), " token")
	what = strings.Replace(what, "previous", "prev.", 1)
	return fmt.Sprintf("H%d %s %s", i, what, part(b.share))
}

// alt tells where every head looks, and what it reads at the last token.
func (h *headsChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Attention patterns of %s over %s. %s.", count(len(h.p), "head"), count(len(h.labels), "token"), h.title())
	last := len(h.labels) - 1
	for i := range h.p[:min(pairsTold, len(h.p))] {
		key, share := h.read(i, last)
		fmt.Fprintf(&s, " Head %d reads “%s” at “%s”, %s.", i, h.labels[key], h.labels[last], part(share))
	}
	if more := len(h.p) - pairsTold; more > 0 {
		fmt.Fprintf(&s, " %d more heads.", more)
	}
	return s.String()
}

// cols is how many patterns stand side by side.
func (h *headsChart) cols() int {
	return min(len(h.p), max(1, min(8, int(math.Ceil(math.Sqrt(float64(len(h.p))*1.7))))))
}

func (h *headsChart) size() (w, height vg.Length) {
	cols := vg.Length(h.cols())
	w = min(max(cols*110+70, 3.25*vg.Inch), 6.5*vg.Inch)
	side := (w - 2*margin - 60) / cols
	rows := vg.Length((len(h.p) + h.cols() - 1) / h.cols())
	return w, rows*side*(1+headRoom) + 6
}

func (h *headsChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	p.Add(patterns{h.p, h.cols(), h.short}, colorBar{hi: 1, color: func(v float64) ink { return amountInk(v, 1) }, name: "Attention", at: at})
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks{}, plot.ConstantTicks{}
	return p
}
