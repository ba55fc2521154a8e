package gonbext

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// shownProfiles is how many units or groups a card lists, and how many tokens each.
const (
	shownProfiles = 20
	shownTokens   = 3
)

// profilesCard lists what each unit of a circuit reads and writes most.
func profilesCard(v steer.Profiles) *card {
	c := &card{title: words("What neurons read and write"), warnings: v.Warnings()}
	n, of := v.N()
	all := v.Units()
	c.line(span{fmt.Sprintf("%d units · %d %s · %s", len(all), n, of, v.About()), plain})
	t := table{heads: []string{"unit", "gives to the metric", "reads", "writes"}, left: []bool{true, false, true, true}}
	for _, u := range all[:min(shownProfiles, len(all))] {
		sum := 0.
		for _, e := range v.Effect(u) {
			sum += e
		}
		g := steer.Group{Reads: v.Reads(u), Writes: v.Writes(u)}
		t.rows = append(t.rows, []cell{text(u.String()), text(signed(sum, 3)), text(readMost(g)), text(writtenMost(g))})
	}
	c.put("What each unit reads and writes", t)
	if more := len(all) - shownProfiles; more > 0 {
		c.notef("%d more units: Reads and Writes give any of them.", more)
	}
	c.notef("All of it: plotting.Profiles. Units that read and write alike are joined by Groups().")
	return c
}

// groupsCard lists groups, what they read and write, and how far they can be trusted.
func groupsCard(v steer.Groups) *card {
	c := &card{title: words("Groups of a circuit's units"), warnings: v.Warnings()}
	n, of := v.Profiles().N()
	band, p := v.Null()
	c.line(span{fmt.Sprintf("%d %s · %s · silhouette %.2f, of shuffled profiles %.2f to %.2f (p = %.2g)", n, of, v.Profiles().About(), v.Silhouette(), band.Lo, band.Hi, p), plain})
	t := table{heads: []string{"group", "units", "reads", "writes", "silhouette", "stability"}, left: []bool{true, true, true, true}}
	all := v.All()
	for _, g := range all[:min(shownProfiles, len(all))] {
		var ns []string
		for _, n := range g.Circuit.Neurons() {
			ns = append(ns, n.String())
		}
		const most = 6
		if more := len(ns) - most; more > 0 {
			ns = append(ns[:most], fmt.Sprintf("and %d more", more))
		}
		t.rows = append(t.rows, []cell{text(visible.Text(g.Circuit.Name())), text(strings.Join(ns, " ")), text(readMost(g)), text(writtenMost(g)),
			text(fmt.Sprintf("%.2f", g.Silhouette)), text(fmt.Sprintf("%.2f", g.Stability))})
	}
	c.put("What each group reads and writes", t)
	c.notef("All units with their tree: plotting.Profiles. Each group is a circuit: Ablate(groups.All()[0].Circuit). A stability of .75 and more is high; below .6 a group is not found again.")
	return c
}

// readMost lists the tokens that are read most.
func readMost(g steer.Group) string {
	var out []string
	for _, r := range strongest(g.Reads, func(r steer.Reading) float64 { return r.Relevance }) {
		out = append(out, fmt.Sprintf("%s %s", "“"+visible.Text(r.Label)+"”", signed(r.Relevance, 2)))
	}
	return strings.Join(out, ", ")
}

// writtenMost lists the tokens that are written most.
func writtenMost(g steer.Group) string {
	var out []string
	for _, w := range strongest(g.Writes, func(w steer.Writing) float64 { return w.Contribution }) {
		out = append(out, fmt.Sprintf("%s %s", quotedToken(w.Token), signed(w.Contribution, 2)))
	}
	return strings.Join(out, ", ")
}

// quotedToken is a token's text within a sentence.
func quotedToken(t steer.Token) string { return "“" + visible.Text(t.Bytes()) + "”" }

// strongest returns the few that are largest in size.
func strongest[T any](all []T, size func(T) float64) []T {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(math.Abs(size(b)), math.Abs(size(a))) })
	return all[:min(shownTokens, len(all))]
}
