package plotting

import "fmt"

// group asks x what is known of groups.
func (c *profilesChart) group(where string, x Profiled) error {
	n := len(c.units)
	c.groups = []unitGroup{{to: n}}
	if v, ok := x.(interface {
		Parts() (names []string, of []int, silhouettes, stabilities []float64)
	}); ok {
		names, of, silhouettes, stabilities := v.Parts()
		if len(of) != n || len(silhouettes) != len(names) || len(stabilities) != len(names) {
			return problemf(ErrShape, where, "Parts() must return the group of every unit, and one silhouette and one stability a group", "%d places for %s, %d silhouettes and %d stabilities for %s",
				len(of), count(n, "unit"), len(silhouettes), len(stabilities), count(len(names), "group"))
		}
		c.groups = nil
		seen := map[int]bool{}
		for i, g := range of {
			switch {
			case g < 0 || g >= len(names):
				return problemf(ErrRange, fmt.Sprintf("%s: unit %d (%s)", where, i, c.units[i]), "Parts() must return places among the names", "group %d of %d", g, len(names))
			case i > 0 && of[i-1] == g:
				c.groups[len(c.groups)-1].to++
				continue
			case seen[g]:
				return problemf(ErrRange, fmt.Sprintf("%s: unit %d (%s)", where, i, c.units[i]), "units of a group stand beside one another", "group %d (%s) comes again", g, names[g])
			}
			if err := finite(fmt.Sprintf("%s: group %d (%s)", where, g, names[g]), silhouettes[g], stabilities[g]); err != nil {
				return err
			}
			seen[g] = true
			c.groups = append(c.groups, unitGroup{names[g], i, i + 1, silhouettes[g], stabilities[g]})
		}
	}
	if v, ok := x.(interface {
		Fit() (silhouette, lo, hi, p float64)
	}); ok {
		var f groupFit
		f.silhouette, f.lo, f.hi, f.p = v.Fit()
		if err := finite(where+": fit", f.silhouette, f.lo, f.hi, f.p); err != nil {
			return err
		}
		c.fit = &f
	}
	if v, ok := x.(interface {
		Tree() (a, b []int, heights []float64)
	}); ok {
		return c.grow(where, v)
	}
	return nil
}

// grow checks the tree.
func (c *profilesChart) grow(where string, x interface {
	Tree() (a, b []int, heights []float64)
}) error {
	n := len(c.units)
	a, b, heights := x.Tree()
	if len(a) != n-1 || len(b) != n-1 || len(heights) != n-1 {
		return problemf(ErrShape, where, "Tree() must join the units, two clusters at a time, until one is left", "%d, %d and %d values for %s", len(a), len(b), len(heights), count(n, "unit"))
	}
	used := make([]bool, 2*n-1)
	for k := range a {
		at := fmt.Sprintf("%s: merge %d", where, k)
		if err := finite(at, heights[k]); err != nil {
			return err
		}
		if min(a[k], b[k]) < 0 || max(a[k], b[k]) >= n+k || a[k] == b[k] || used[a[k]] || used[b[k]] {
			return problemf(ErrRange, at, "a merge joins two clusters that are there and were not joined before", "%d and %d", a[k], b[k])
		}
		if heights[k] < 0 || k > 0 && heights[k] < heights[k-1] {
			return problemf(ErrRange, at, "heights are distances that rise from merge to merge", "height %v", heights[k])
		}
		used[a[k]], used[b[k]] = true, true
		c.tree = append(c.tree, merge{a[k], b[k], heights[k]})
	}
	return nil
}
