package steertest

// Sizes of the fake model. A word has a slot that its embedding fills and a slot that its logit reads.
const (
	layers    = 3
	neurons   = 8 // of a layer
	width     = 2 * int(words)
	heads     = 2 // of a layer: one reads the slots that embeddings fill, one those that logits read
	headDim   = width / heads
	positions = 64
)

// A planted neuron reads words and writes logits, both with a strength.
type planted struct {
	layer, index  int
	reads, writes map[int32]float64
}

// plan is the circuit of the fake model: what a test expects to find. All other weights are noise of at most ±0.01.
var plan = []planted{
	{0, 1, map[int32]float64{Capital: 3}, map[int32]float64{Paris: 1, Rome: 1}},
	{1, 2, map[int32]float64{France: 4}, map[int32]float64{Paris: 2}},
	{1, 5, map[int32]float64{Italy: 4}, map[int32]float64{Rome: 2}},
	{1, 6, map[int32]float64{France: 1}, map[int32]float64{Rome: 1}}, // opposes Paris − Rome
	{2, 0, map[int32]float64{Paris: 8, Rome: 8}, map[int32]float64{Paris: -2, Rome: -2, Stop: 1}},
	{2, 4, map[int32]float64{Stop: 8}, map[int32]float64{Stop: -2, End: 2}},
	{1, 3, map[int32]float64{Loved: 5}, map[int32]float64{Wonderful: 2}},
	{1, 7, map[int32]float64{Hated: 5}, map[int32]float64{Terrible: 2}},
}

// weights holds the model in float64.
type weights struct {
	embed [vocabSize][width]float64       // [V,D]
	in    [layers][neurons][width]float64 // [L,F,D]
	down  [layers][neurons][width]float64 // [L,F,D], a column of W_down each
	head  [vocabSize][width]float64       // [V,D]
}

// newWeights lays the plan over noise from a fixed seed.
func newWeights() *weights {
	w, noise := &weights{}, splitMix(1)
	for id := range w.embed {
		for d := range width {
			w.embed[id][d], w.head[id][d] = .01*noise(), .01*noise()
		}
		if id < int(words) {
			w.embed[id][id]++
			w.head[id][int(words)+id]++
		}
	}
	for l := range layers {
		for n := range neurons {
			for d := range width {
				w.in[l][n][d], w.down[l][n][d] = .01*noise(), .01*noise()
			}
		}
	}
	for _, p := range plan {
		for id, x := range p.reads {
			w.in[p.layer][p.index][id] += x
		}
		for id, x := range p.writes {
			w.down[p.layer][p.index][int(words)+int(id)] += x
		}
	}
	return w
}

// splitMix returns a generator of numbers in [−1,1) (SplitMix64, Steele, Lea & Flood 2014), the same on every machine.
func splitMix(seed uint64) func() float64 {
	return func() float64 {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return float64((z^z>>31)>>11)/(1<<52) - 1
	}
}
