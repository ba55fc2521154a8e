package main

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A row is what was measured of one behavior.
type row struct {
	name             string
	found, tested, k int // examples of the two halves, neurons of the circuit
	intact, off      steer.Dose
	hard             null
	equal            int // equally active circuits whose change is at least as large in size
}

// beyond reports whether the circuit's change is larger than that of every random circuit.
func (r row) beyond() bool { return r.off.Controls.N > 0 && r.off.Weaker == r.off.Controls.N }

// shown is the share of the tested examples below which a behavior hardly exists; chance is a half.
const shown = .75

// why says, of a behavior that does not pass, what the numbers show.
func (r row) why() string {
	switch {
	case r.beyond() && r.off.Change.Value < 0:
		return "yes"
	case r.beyond():
		return "yes, but it rises"
	case r.intact.Prefers < shown:
		return fmt.Sprintf("no: the model shows it on %.0f %% only", 100*r.intact.Prefers)
	case r.off.Change.Hi >= 0:
		return "no: no change that the examples agree on"
	}
	return "no"
}

type table struct {
	how  test
	rows []row
}

// String returns the table in Markdown, and what it shows in words.
func (t table) String() string {
	var b strings.Builder
	b.WriteString("What `go run ./docs/studies/necessity` prints.\n\n")
	fmt.Fprintf(&b, "Logit difference, target minus counterfactual, mean over the tested examples, with the %d strongest supporters set to zero.\n", t.how.k)
	fmt.Fprintf(&b, "Interval: 95 %%, 10,000 resamples of the tested examples. Random: change under %d circuits with as many neurons in every layer, least to most.\n", t.how.controls)
	fmt.Fprintf(&b, "Active: the same with neurons drawn from the %d of every layer that are most active on the tested prompts.\n", mostActive)
	b.WriteString("Equally active: with each drawn from the ten of its layer that are closest in activity to one of the circuit's.\n")
	fmt.Fprintf(&b, "p = (1 + #{random at least as large in size}) / (%d + 1), seed %d.\n\n", t.how.controls, t.how.seed)
	b.WriteString("| behavior | found on | tested on | prefers | intact | ablated | change | 95 % | random | larger random | active | larger active | larger equally active | p | beyond every one |\n")
	b.WriteString("|---|---:|---:|---:|---:|---:|---:|---|---|---:|---|---:|---:|---:|---|\n")
	var not, active, equal []string
	for _, r := range t.rows {
		un, c := r.intact.Difference.Value, r.off.Controls
		fmt.Fprintf(&b, "| %s | %d | %d | %.0f → %.0f %% | %+.2f | %+.2f | %+.2f | [%+.2f, %+.2f] | [%+.2f, %+.2f] | %d | [%+.2f, %+.2f] | %d | %d | %.3f | %s |\n",
			r.name, r.found, r.tested, 100*r.intact.Prefers, 100*r.off.Prefers, un, r.off.Difference.Value, r.off.Change.Value,
			r.off.Change.Lo, r.off.Change.Hi, c.Min-un, c.Max-un, c.N-r.off.Weaker,
			r.hard.least, r.hard.most, r.hard.larger, r.equal, r.off.P, r.why())
		if !r.beyond() {
			not = append(not, r.name)
		}
		if !r.beyond() || r.hard.larger > 0 {
			active = append(active, r.name)
		}
		if !r.beyond() || r.equal > 0 {
			equal = append(equal, r.name)
		}
	}
	for _, x := range []struct {
		says string
		not  []string
	}{{" behaviors: the circuit moves the difference beyond every random one", not}, {": beyond every one drawn from the most active, too", active},
		{": beyond every one of neurons about as active as its own, too", equal}} {
		fmt.Fprintf(&b, "\n%d of %d%s.", len(t.rows)-len(x.not), len(t.rows), x.says)
		if len(x.not) > 0 {
			fmt.Fprintf(&b, " Not for: %s.", strings.Join(x.not, ", "))
		}
	}
	b.WriteString("\n")
	return b.String()
}
