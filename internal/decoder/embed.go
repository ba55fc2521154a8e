package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Embed looks up the rows of the embedding, times the scale that a model gives them: the entry of the residual stream.
func Embed(c Config, table, ids *Node) *Node { // [V,D], [R] → [R,D]
	table.AssertDims(c.Vocab, c.Width)
	ids.AssertRank(1)
	return scaled(Gather(table, InsertAxes(ids, -1)), c.EmbedScale) // [R,D]
}

// scaled multiplies by a constant, which is 1 in most models.
func scaled(x *Node, by float64) *Node {
	if by == 1 {
		return x
	}
	return MulScalar(x, by)
}
