package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Embed looks up the rows of the embedding: the entry of the residual stream.
func Embed(c Config, table, ids *Node) *Node { // [V,D], [R] → [R,D]
	table.AssertDims(c.Vocab, c.Width)
	ids.AssertRank(1)
	return Gather(table, InsertAxes(ids, -1)) // [R,D]
}
