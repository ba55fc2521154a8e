package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// grouped reports whether units were grouped.
func (c *profilesChart) grouped() bool { return c.groups[0].name != "" }

// title says how well units fall into groups, and which; or what is read and written most.
func (c *profilesChart) title() string {
	units := count(len(c.units), "unit")
	if !c.grouped() {
		return c.mostTitle()
	}
	if len(c.groups) == 1 {
		return fmt.Sprintf("One group, %s: %s", c.groups[0].name, map[bool]string{true: "there is only one unit", false: "all " + units + " read and write alike"}[len(c.units) == 1])
	}
	fit := ""
	if c.fit != nil {
		fit = fmt.Sprintf("silhouette %s, by chance %s to %s", hundredths(c.fit.silhouette), hundredths(c.fit.lo), hundredths(c.fit.hi))
		if c.fit.p > .05 {
			return fmt.Sprintf("%s fall into %d groups no better than chance does: %s", units, len(c.groups), fit)
		}
		fit = " (" + fit + ")"
	}
	told := slices.Clone(c.groups)
	slices.SortStableFunc(told, func(a, b unitGroup) int { return (b.to - b.from) - (a.to - a.from) })
	var names []string
	for _, g := range told {
		names = append(names, fmt.Sprintf("%s (stability %s)", g.name, hundredths(g.stability)))
	}
	if len(told) > 2 {
		return fmt.Sprintf("%s fall into %d groups%s; the largest is %s", units, len(told), fit, names[0])
	}
	return fmt.Sprintf("%s fall into %d groups%s: %s", units, len(told), fit, list(names))
}

// mostTitle says what is read and written most.
func (c *profilesChart) mostTitle() string {
	var told []string
	for _, s := range []struct {
		profileSide
		verb string
	}{{c.reads, "read from"}, {c.writes, "written to"}} {
		if label, share := s.strongest(); label != "" {
			told = append(told, fmt.Sprintf("%s “%s” (%s)", s.verb, label, part(share)))
		}
	}
	if len(told) == 0 {
		return "Nothing is read and nothing is written"
	}
	return "Most is " + list(told)
}

// hundredths formats a number of at most about 1 by size.
func hundredths(v float64) string {
	s := fmt.Sprintf("%.2f", v)
	if s == "-0.00" {
		s = "0.00"
	}
	return typeset(strings.Replace(s, "0.", ".", 1))
}

// subtitle says what rows and bars are.
func (c *profilesChart) subtitle() string {
	columns := func(s profileSide, what string) string {
		if len(s.labels) < len(s.every) {
			return fmt.Sprintf("the strongest %d of %s", len(s.labels), count(len(s.every), what))
		}
		return count(len(s.every), what)
	}
	verbs := "read from %s and write to %s"
	if len(c.units) == 1 {
		verbs = "reads from %s and writes to %s"
	}
	of := c.source
	of.about = ""
	of.method = fmt.Sprintf("what %s "+verbs+"; rows have length 1", count(len(c.units), "unit"), columns(c.reads, "token"), columns(c.writes, "output"))
	if c.about != "" {
		of.method += "; effect on " + c.about
	}
	return of.subtitle("")
}

// alt tells of every group what its units read and write most.
func (c *profilesChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Heat map of profiles, %s by %s that are read and %s that are written. %s.", count(len(c.units), "unit"), count(len(c.reads.labels), "token"), count(len(c.writes.labels), "output"), c.title())
	told := c.groups[:min(pairsTold, len(c.groups))]
	if !c.grouped() {
		told = nil
		for i := range c.units[:min(pairsTold, len(c.units))] {
			told = append(told, unitGroup{name: c.units[i], from: i, to: i + 1})
		}
	}
	for _, g := range told {
		fmt.Fprintf(&s, " %s", g.name)
		if c.grouped() {
			fmt.Fprintf(&s, ", %s (%s), silhouette %s, stability %s", count(g.to-g.from, "unit"), list(c.some(g)), hundredths(g.silhouette), hundredths(g.stability))
		}
		fmt.Fprintf(&s, ": gives %s", c.with(signed(sum(c.effects[g.from:g.to]))))
		if t := strongestColumn(c.reads, g); t != "" {
			fmt.Fprintf(&s, ", reads %s most", t)
		}
		if t := strongestColumn(c.writes, g); t != "" {
			fmt.Fprintf(&s, ", writes %s most", t)
		}
		s.WriteString(".")
	}
	switch {
	case c.grouped() && len(c.groups) > len(told):
		fmt.Fprintf(&s, " %d more groups.", len(c.groups)-len(told))
	case !c.grouped() && len(c.units) > len(told):
		fmt.Fprintf(&s, " %d more units.", len(c.units)-len(told))
	}
	return s.String()
}

// some names the first units of a group.
func (c *profilesChart) some(g unitGroup) []string {
	const most = 4
	names := slices.Clone(c.units[g.from:min(g.to, g.from+most)])
	if more := g.to - g.from - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return names
}

// strongestColumn names the column that the units of a group add up to most in, with its sign where they oppose; "" where there is nothing.
func strongestColumn(s profileSide, g unitGroup) string {
	at, most := -1, 0.
	for j := range s.every {
		x := 0.
		for _, row := range s.amounts[g.from:g.to] {
			x += row[j]
		}
		if math.Abs(x) > math.Abs(most) {
			at, most = j, x
		}
	}
	switch {
	case at < 0:
		return ""
	case most < 0:
		return minus + "“" + s.every[at] + "”"
	}
	return "“" + s.every[at] + "”"
}
