package plotting

import (
	"cmp"
	"math"
	"slices"
)

// placeGap is the room between two positions, in rows of nodes.
const placeGap = .7

// aside is how far heads stand before the neurons of their layer, and neurons behind, in columns, where a layer has both.
const aside = .2

// place sets the nodes that are used in columns by layer. With positions, those of a layer at a position stand below one another in
// the row of the position; without, all of a layer share the whole height. Either way they stand in the order of what they are
// joined to, which keeps crossings few (the barycenter heuristic of Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11, 1981).
func (g *graphChart) place(used []bool) {
	g.x, g.y = make([]float64, len(g.nodes)), make([]float64, len(g.nodes))
	together := false
	for i, v := range g.nodes {
		g.x[i], g.y[i] = math.NaN(), math.NaN()
		if used[i] {
			g.columns = append(g.columns, v.layer)
			together = together || v.position < 0
		}
	}
	slices.Sort(g.columns)
	g.columns = slices.Compact(g.columns)
	heads, others := map[int]bool{}, map[int]bool{}
	cells := map[[2]int][]int{} // the nodes of a row and a column
	for i, v := range g.nodes {
		if !used[i] {
			continue
		}
		if v.kind == "head" {
			heads[v.layer] = true
		} else {
			others[v.layer] = true
		}
		row := v.position
		if together {
			row = -1
		}
		if !slices.Contains(g.rows, row) {
			g.rows = append(g.rows, row)
		}
		key := [2]int{row, v.layer}
		cells[key] = append(cells[key], i)
	}
	slices.Sort(g.rows)
	for i, v := range g.nodes {
		if !used[i] {
			continue
		}
		col, _ := slices.BinarySearch(g.columns, v.layer)
		g.x[i] = float64(col)
		if heads[v.layer] && others[v.layer] {
			g.x[i] += aside
			if v.kind == "head" {
				g.x[i] -= 2 * aside
			}
		}
	}
	for _, row := range g.rows {
		high := 1
		for _, l := range g.columns {
			high = max(high, len(cells[[2]int{row, l}]))
		}
		for _, l := range g.columns {
			g.stack(cells[[2]int{row, l}], g.lines, float64(high), together)
		}
		g.lines += float64(high) + placeGap
	}
	g.lines -= placeGap
	for range 4 {
		for _, row := range g.rows {
			for _, l := range g.columns {
				if l >= 0 { // tokens stay in their order
					g.uncross(cells[[2]int{row, l}])
				}
			}
		}
	}
}

// stack sets nodes below one another in the middle of a row, or evenly over its height.
func (g *graphChart) stack(nodes []int, top, high float64, even bool) {
	pitch := 1.
	if even && len(nodes) > 0 {
		pitch = high / float64(len(nodes))
	}
	from := top + (high-pitch*float64(len(nodes)))/2
	for k, i := range nodes {
		g.y[i] = from + pitch*(float64(k)+.5)
	}
}

// uncross exchanges the places of nodes so that they stand in the order of what they are joined to, the more by the more influence.
func (g *graphChart) uncross(nodes []int) {
	if len(nodes) < 2 {
		return
	}
	sum, total := map[int]float64{}, map[int]float64{}
	for _, e := range g.shown {
		for _, ends := range [][2]int{{e.from, e.to}, {e.to, e.from}} {
			if slices.Contains(nodes, ends[0]) {
				sum[ends[0]] += e.influence * g.y[ends[1]]
				total[ends[0]] += e.influence
			}
		}
	}
	center := func(i int) float64 {
		if total[i] == 0 {
			return g.y[i]
		}
		return sum[i] / total[i]
	}
	places := make([]float64, len(nodes))
	for k, i := range nodes {
		places[k] = g.y[i]
	}
	slices.Sort(places)
	order := slices.Clone(nodes)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(center(a), center(b)) })
	for k, i := range order {
		g.y[i] = places[k]
	}
}
