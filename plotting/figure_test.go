package plotting

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// counter counts how often it is asked.
type counter struct {
	layered
	asked, told *int
}

func (c counter) ByLayer() (support, oppose []float64) { *c.asked++; return c.layered.ByLayer() }
func (c counter) Unit() string                         { *c.told++; return "logits" }

func TestNothingIsAskedBeforeItIsDrawn(t *testing.T) {
	var asked, told int
	fig := ByLayer(counter{profile(4), &asked, &told})
	other := fig.Title("x").Subtitle("y").Size(4, 3).Dark()
	if fig.IsDark() || !other.IsDark() || other.Light().IsDark() {
		t.Error("IsDark does not go with Dark and Light")
	}
	if asked != 0 || told != 0 {
		t.Fatalf("describing asked %d times for numbers, %d for the unit", asked, told)
	}
	for _, f := range []*Figure{fig, other} {
		if _, err := f.SVG(); err != nil {
			t.Fatal(err)
		}
		_, _ = f.Alt(), f.CSSWidth()
	}
	if asked != 1 || told != 1 {
		t.Errorf("asked %d times for numbers, %d for the unit; want once", asked, told)
	}
}

func TestCopiesLeaveTheOriginal(t *testing.T) {
	fig := ByLayer(profile(4))
	before := *fig
	_ = fig.Title("x").Subtitle("y").Size(4, 3).Dark()
	if fig.title != before.title || fig.subtitle != before.subtitle || fig.width != before.width || fig.theme != before.theme {
		t.Error("a setting changed the figure that it was called on")
	}
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	good := grid{[][]float64{{1, 2}}, []string{"a", " b"}}
	for name, c := range map[string]struct {
		fig   *Figure
		kind  error
		parts []string // of the message
	}{
		"nil layered":     {ByLayer(nil), ErrNoData, []string{"ByLayer", "pass scores"}},
		"nil grid":        {HeatMap(nil), ErrNoData, []string{"HeatMap", "pass scores"}},
		"no layer":        {ByLayer(layered{}), ErrNoData, []string{"no layer", "TopK(20)"}},
		"lengths":         {ByLayer(layered{[]float64{1, 2}, []float64{0}}), ErrShape, []string{"2 layers support and 1 oppose"}},
		"NaN layer":       {ByLayer(layered{[]float64{1, nan}, []float64{0, 0}}), ErrNaN, []string{"layer 1"}},
		"NaN opposes":     {ByLayer(layered{[]float64{1, 1}, []float64{0, nan}}), ErrNaN, []string{"layer 1"}},
		"Inf layer":       {ByLayer(layered{[]float64{1}, []float64{inf}}), ErrInfinity, []string{"layer 0"}},
		"sign":            {ByLayer(layered{[]float64{1, 1}, []float64{0, 2}}), ErrSign, []string{"layer 1", "+2.00", "support ≥ 0 ≥ opposition"}},
		"sum overflows":   {ByLayer(layered{[]float64{1e308, 1e308}, []float64{0, 0}}), ErrInfinity, []string{"overflows"}},
		"no room above":   {ByLayer(layered{[]float64{1.75e308}, []float64{0}}), ErrInfinity, []string{"overflows"}},
		"no position":     {HeatMap(grid{[][]float64{{}}, nil}), ErrNoData, []string{"no position", "ByLayer"}},
		"ragged":          {HeatMap(grid{[][]float64{{1, 2}, {1}}, []string{"a", "b"}}), ErrShape, []string{"layer 1", "1 position for 2 tokens"}},
		"labels":          {HeatMap(grid{[][]float64{{1, 2}}, []string{"a"}}), ErrShape, []string{"2 positions for 1 token"}},
		"NaN cell":        {HeatMap(grid{[][]float64{{1, 2}, {1, nan}}, []string{"a", " b"}}), ErrNaN, []string{"layer 1, position 1 (·b)"}},
		"Inf cell":        {HeatMap(grid{[][]float64{{inf, 2}}, []string{"a", " b"}}), ErrInfinity, []string{"layer 0, position 0 (a)"}},
		"grid overflow":   {HeatMap(grid{[][]float64{{1e308, -1e308}}, []string{"a", "b"}}), ErrInfinity, []string{"overflows"}},
		"nil overlap":     {Overlap[Overlapping](nil), ErrNoData, []string{"Overlap", "two or more circuits"}},
		"no overlap":      {Overlap[Overlapping](), ErrNoData, []string{"got nothing", "two or more"}},
		"two overlaps":    {Overlap(sets(2), sets(3)), ErrShape, []string{"2 comparisons"}},
		"of numbers":      {Overlap(1, 2), ErrNoData, []string{"int cannot be compared", "TopK(200)"}},
		"one circuit":     {Overlap(sets(1)), ErrNoData, []string{"1 circuit", "two or more"}},
		"no sizes":        {Overlap(matrix{[]string{"a", "b"}, nil, nil, nil}), ErrShape, []string{"2 names and 0 sizes"}},
		"NaN overlap":     {Overlap(matrix{[]string{"a", "b"}, []int{1, 1}, [][]float64{{1}, {nan, 1}}, nil}), ErrNaN, []string{"circuits 1 and 2"}},
		"overlap above":   {Overlap(matrix{[]string{"a", "b"}, []int{1, 1}, [][]float64{{1}, {1.5, 1}}, nil}), ErrRange, []string{"1.5", "from 0 to 1"}},
		"nil faithful":    {Faithfulness(nil), ErrNoData, []string{"got nil"}},
		"within noise":    {Faithfulness(unequal{sizes: []int{1, 2}}), ErrNoData, []string{"not normalized", "another ablation"}},
		"no unit":         {Faithfulness(unequal{sizes: []int{0}, f: flat(1, 0), c: flat(1, 1)}), ErrNoData, []string{"above 0"}},
		"sizes fall":      {Faithfulness(unequal{sizes: []int{2, 1}, f: flat(2, 0), c: flat(2, 1)}), ErrRange, []string{"must rise"}},
		"short share":     {Faithfulness(unequal{sizes: []int{1, 2}, f: flat(2, 0), c: flat(1, 1)}), ErrShape, []string{"completeness", "2 sizes"}},
		"NaN share":       {Faithfulness(unequal{sizes: []int{1, 2}, f: flat(2, nan), c: flat(2, 1)}), ErrNaN, []string{"faithfulness at 1 unit"}},
		"no random":       {Faithfulness(unequal{sizes: []int{1}, f: flat(1, 0), c: flat(1, 1), randoms: 3}), ErrShape, []string{"random units"}},
		"nil graph":       {Graph(nil), ErrNoData, []string{"Graph", "graph of a circuit"}},
		"nil flow":        {LayerFlow(nil), ErrNoData, []string{"LayerFlow"}},
		"no node":         {Graph(wired{}), ErrNoData, []string{"no node"}},
		"short nodes":     {Graph(wired{kinds: []string{"neuron"}, names: []string{"a"}}), ErrShape, []string{"1 kinds, 1 names, 0 layers"}},
		"node kind":       {Graph(node("gate", 0, 0, 0)), ErrRange, []string{"node 0", `"gate"`}},
		"node layer":      {Graph(node("neuron", -2, 0, 0)), ErrRange, []string{"layer -2"}},
		"NaN node":        {Graph(node("neuron", 0, 0, nan)), ErrNaN, []string{"node 0 (a)"}},
		"lost edge":       {Graph(joined(0, 2, 1)), ErrRange, []string{"from 0 to 2 of 2 nodes"}},
		"edge back":       {LayerFlow(joined(1, 0, 1)), ErrRange, []string{"from b to a", "later"}},
		"NaN edge":        {LayerFlow(joined(0, 1, nan)), ErrNaN, []string{"edge 0"}},
		"edge overflow":   {LayerFlow(joined(0, 1, 1e308, 1e308)), ErrInfinity, []string{"into b overflows"}},
		"nil heads":       {AttentionHeads(nil), ErrNoData, []string{"AttentionHeads", "attention of a layer"}},
		"nil head":        {AttentionHead(nil, 0), ErrNoData, []string{"got nil"}},
		"no head":         {AttentionHeads(attention{labels: []string{"a"}}), ErrNoData, []string{"no head"}},
		"which head":      {AttentionHead(looking(2, tokens(3)), 2), ErrRange, []string{"head 2 of 2", "from 0"}},
		"short head":      {AttentionHeads(attention{[][][]float64{{{1}}}, []string{"a", "b"}}), ErrShape, []string{"head 0", "1 rows for 2 tokens"}},
		"short query":     {AttentionHeads(attention{[][][]float64{{{1, 0}, {1}}}, []string{"a", "b"}}), ErrShape, []string{"query 1 (b)", "1 shares"}},
		"NaN attention":   {AttentionHeads(attention{[][][]float64{{{nan}}}, []string{"a"}}), ErrNaN, []string{"query 0 (a)"}},
		"looks ahead":     {AttentionHeads(attention{[][][]float64{{{.5, .5}, {.5, .5}}}, []string{"a", "b"}}), ErrRange, []string{"0.5 at key 1"}},
		"half a share":    {AttentionHeads(attention{[][][]float64{{{.5}}}, []string{"a"}}), ErrRange, []string{"add up to 0.5"}},
		"nil lens":        {LogitLens(nil), ErrNoData, []string{"logit lens"}},
		"no lens":         {LogitLens(lensed{}), ErrNoData, []string{"no layer"}},
		"uneven lens":     {LogitLens(lensed{[][]string{{"a"}}, nil, []string{"a"}}), ErrShape, []string{"1 layers of tokens and 0"}},
		"short lens":      {LogitLens(lensed{[][]string{{"a"}}, [][]float64{{1, 0}}, []string{"a"}}), ErrShape, []string{"layer 0", "2 probabilities"}},
		"NaN lens":        {LogitLens(lensed{[][]string{{"a"}}, [][]float64{{nan}}, []string{"a"}}), ErrNaN, []string{"layer 0"}},
		"sure lens":       {LogitLens(lensed{[][]string{{"a"}}, [][]float64{{1.5}}, []string{"a"}}), ErrRange, []string{"position 0 (a)", "1.5"}},
		"nil methods":     {Methods(nil), ErrNoData, []string{"comparison of methods"}},
		"no method":       {Methods(methods{}), ErrNoData, []string{"no method"}},
		"no effect":       {Methods(methods{names: []string{"a"}}), ErrShape, []string{"effect", "1 method"}},
		"NaN effect":      {Methods(methods{names: []string{"a"}, effect: flat(1, nan)}), ErrNaN, []string{"effect at a"}},
		"no r":            {Methods(methods{names: []string{"a", "b"}, effect: flat(2, 1), r: flat(1, 0)}), ErrShape, []string{"correlation", "NaN where unknown"}},
		"correlates":      {Methods(methods{names: []string{"a"}, effect: flat(1, 1), r: flat(1, 1.5)}), ErrRange, []string{"correlation of a", "1.5"}},
		"overlaps":        {Methods(methods{names: []string{"a"}, effect: flat(1, 1), jaccard: []float64{-1}, chance: []float64{0}}), ErrRange, []string{"overlap of a"}},
		"no profile":      {Methods(methods{names: []string{"a", "b"}, effect: flat(2, 1), profiles: [][]float64{{1}}}), ErrShape, []string{"1 rows for 2 methods"}},
		"short profile":   {Methods(methods{names: []string{"a", "b"}, effect: flat(2, 1), profiles: [][]float64{{1, 2}, {1}}}), ErrShape, []string{"profile of b"}},
		"signed layer":    {Methods(methods{names: []string{"a"}, effect: flat(1, 1), profiles: [][]float64{{-1}}}), ErrSign, []string{"profile of a"}},
		"nil choices":     {Specifications(nil), ErrNoData, []string{"many specifications"}},
		"no choice":       {Specifications(multiverse{}), ErrNoData, []string{"no specification"}},
		"NaN estimate":    {Specifications(multiverse{b: flat(2, nan), of: make([][]int, 2)}), ErrNaN, []string{"specification 0"}},
		"no options":      {Specifications(multiverse{b: flat(2, 1), names: []string{"a"}}), ErrShape, []string{"1 names, 0 lists of options, 0 rows for 2 specifications"}},
		"short choice":    {Specifications(multiverse{b: flat(1, 1), names: []string{"a"}, options: [][]string{{"x"}}, of: [][]int{{}}}), ErrShape, []string{"0 options for 1 choice"}},
		"which option":    {Specifications(multiverse{b: flat(1, 1), names: []string{"a"}, options: [][]string{{"x"}}, of: [][]int{{1}}}), ErrRange, []string{"option 1 of 1 for a"}},
		"short null":      {Specifications(multiverse{b: flat(2, 1), of: make([][]int, 2), lo: []float64{1}, hi: []float64{1}}), ErrShape, []string{"null"}},
		"nil profiles":    {Profiles(nil), ErrNoData, []string{"profiles of a circuit"}},
		"no profile unit": {Profiles(profiled{tokens: []string{"a"}}), ErrNoData, []string{"0 units"}},
		"no column":       {Profiles(profiled{units: []string{"a"}, reads: [][]float64{{}}, writes: [][]float64{{}}, effects: []float64{1}}), ErrNoData, []string{"0 tokens and 0 outputs"}},
		"effects short":   {Profiles(alone(func(p *parted) { p.effects = nil })), ErrShape, []string{"0 effects for 2 units"}},
		"short row":       {Profiles(alone(func(p *parted) { p.reads[1] = nil })), ErrShape, []string{"unit 1 (L1/N20)", "0 and 1 numbers"}},
		"NaN row":         {Profiles(alone(func(p *parted) { p.writes[1][0] = nan })), ErrNaN, []string{"unit 1 (L1/N20)"}},
		"no such group":   {Profiles(alone(func(p *parted) { p.of[1] = 1 })), ErrRange, []string{"unit 1", "group 1 of 1"}},
		"groups mixed":    {Profiles(mixed()), ErrRange, []string{"unit 2", "comes again"}},
		"short groups":    {Profiles(alone(func(p *parted) { p.of = nil })), ErrShape, []string{"0 places for 2 units"}},
		"NaN stability":   {Profiles(alone(func(p *parted) { p.stabilities[0] = nan })), ErrNaN, []string{"group 0"}},
		"NaN fit":         {Profiles(alone(func(p *parted) { p.fit[3] = nan })), ErrNaN, []string{"fit"}},
		"short tree":      {Profiles(alone(func(p *parted) { p.a = nil })), ErrShape, []string{"0, 1 and 1 values for 2 units"}},
		"joined twice":    {Profiles(alone(func(p *parted) { p.b[0] = 0 })), ErrRange, []string{"merge 0", "0 and 0"}},
		"falling tree":    {Profiles(alone(func(p *parted) { p.heights[0] = -1 })), ErrRange, []string{"merge 0", "height -1"}},
		"nil scatter":     {Scatter[Paired](nil), ErrNoData, []string{"two measurements"}},
		"no scatter":      {Scatter[Paired](), ErrNoData, []string{"got nothing"}},
		"two scatters":    {Scatter(paired{}, paired{}), ErrShape, []string{"2 pairs"}},
		"no points":       {Scatter("a", "b"), ErrNoData, []string{"string has no points"}},
		"no point":        {Scatter(paired{}), ErrNoData, []string{"no point"}},
		"unpaired":        {Scatter(paired{x: []float64{1, 2}, y: []float64{1}}), ErrShape, []string{"2 across and 1 up"}},
		"unnamed":         {Scatter(paired{x: []float64{1, 2}, y: []float64{1, 2}, names: []string{"a"}}), ErrShape, []string{"1 name for 2 points"}},
		"NaN point":       {Scatter(paired{x: []float64{1, 2}, y: []float64{1, nan}, names: []string{"a", "L1/N8"}}), ErrNaN, []string{"L1/N8"}},
		"far point":       {Scatter(paired{x: []float64{1e308}, y: []float64{1}}), ErrInfinity, []string{"overflows"}},
		"no curve":        {DoseResponse(), ErrNoData, []string{"no curve", "sweep"}},
		"nil curve":       {DoseResponse(dosed{x: []float64{1}, b: flat(1, 2)}, nil), ErrNoData, []string{"curve 2", "got nil"}},
		"many curves":     {DoseResponse(make([]Dosed, 25)...), ErrSize, []string{"25 curves", "several figures"}},
		"no dose":         {DoseResponse(dosed{}), ErrNoData, []string{"no multiplier"}},
		"equal doses":     {DoseResponse(dosed{x: []float64{1, 1}, b: flat(2, 0)}), ErrRange, []string{"must rise"}},
		"short band":      {DoseResponse(dosed{x: []float64{0, 1}, b: flat(1, 0)}), ErrShape, []string{"1, 1 and 1 values for 2 multipliers"}},
		"NaN response":    {DoseResponse(dosed{x: []float64{0, 1}, b: flat(2, nan)}), ErrNaN, []string{"response at ×0"}},
		"Inf multiple":    {DoseResponse(dosed{x: []float64{inf}, b: flat(1, 0)}), ErrInfinity, []string{"multipliers"}},
		"band reversed":   {DoseResponse(dosed{x: []float64{0}, b: band{[]float64{0}, []float64{1}, []float64{-1}}}), ErrRange, []string{"from +1.00 to −1.00"}},
		"random short":    {DoseResponse(dosed{x: []float64{0, 1}, b: flat(2, 0), randoms: 3}), ErrShape, []string{"random circuits", "0, 0 and 0 values"}},
		"prompt short":    {DoseResponse(dosed{x: []float64{0, 1}, b: flat(2, 0), prompts: [][]float64{{1}}}), ErrShape, []string{"prompt 1", "1 value"}},
		"nil search":      {Calibration(nil), ErrNoData, []string{"got nil"}},
		"no try":          {Calibration(searched{strengths: []float64{1}}), ErrNoData, []string{"no strength"}},
		"turns back":      {Calibration(searched{strengths: []float64{1, 2, 1.5}, b: flat(3, 0), tries: []int{0, 1, 2}}), ErrRange, []string{"1.5 comes after 2"}},
		"no way":          {Calibration(searched{strengths: []float64{1, 1}, b: flat(2, 0), tries: []int{0, 1}}), ErrRange, []string{"go away"}},
		"short tries":     {Calibration(searched{strengths: []float64{1, 2}, b: flat(2, 0)}), ErrShape, []string{"Tries()", "2 strengths"}},
		"short search":    {Calibration(searched{strengths: []float64{1, 2}, b: flat(1, 0)}), ErrShape, []string{"2 strengths"}},
		"NaN sought":      {Calibration(searched{strengths: []float64{1, 2}, b: flat(2, 0), tries: []int{0, 1}, sought: nan}), ErrNaN, []string{"sought"}},
		"no answer":       {Calibration(searched{strengths: []float64{1, 2}, b: flat(2, 0), tries: []int{0, 1}, answer: [3]float64{1, 1, 1}, ok: true}), ErrRange, []string{"the answer does nothing"}},
		"answer turned":   {Calibration(searched{strengths: []float64{1, 2}, b: flat(2, 0), tries: []int{0, 1}, answer: [3]float64{2, 3, 1}, ok: true}), ErrRange, []string{"the answer"}},
		"level NaN":       {DoseResponse(instructed{dosed{x: []float64{0}, b: flat(1, 0)}, [3]float64{nan, 0, 0}, true}), ErrNaN, []string{"the instruction"}},
		"level turned":    {DoseResponse(instructed{dosed{x: []float64{0}, b: flat(1, 0)}, [3]float64{0, 1, -1}, true}), ErrRange, []string{"the instruction", "from +1.00 to −1.00"}},
		"dose overflow":   {DoseResponse(dosed{x: []float64{0}, b: flat(1, 1e308)}), ErrInfinity, []string{"overflow"}},
		"nil spans":       {Explained(nil), ErrNoData, []string{"Explained", "Greedy(50)"}},
		"no spans":        {Explained(spans(3, 0)), ErrNoData, []string{"no layer has a curve"}},
		"NaN span":        {Explained(spanned{[]int{4}, map[int][]float64{4: {0, nan}}, nil, nil}), ErrNaN, []string{"layer 4, k = 1"}},
		"span above":      {Explained(spanned{[]int{4}, map[int][]float64{4: {0, 1.1}}, nil, nil}), ErrRange, []string{"layer 4, k = 1", "1.1"}},
		"random above":    {Explained(spanned{[]int{4}, map[int][]float64{4: {0, 1}}, nil, map[int][]float64{4: {0, 2}}}), ErrRange, []string{"random direction, layer 4"}},
		"total above":     {Explained(spanned{[]int{4, 5}, map[int][]float64{4: {0, 1}, 5: {0, 1}}, []float64{0, -1}, nil}), ErrRange, []string{"all layers, k = 1"}},
		"nil strip":       {TokenStrip(nil), ErrNoData, []string{"got nil"}},
		"no token":        {TokenStrip(tinted{}), ErrNoData, []string{"no token"}},
		"short strip":     {TokenStrip(tinted{v: []float64{1}, tokens: []string{"a", "b"}}), ErrShape, []string{"1 score for 2 tokens"}},
		"NaN token":       {TokenStrip(tinted{v: []float64{1, nan}, tokens: []string{"a", " b"}}), ErrNaN, []string{"token 1 (·b)"}},
		"strip overflow":  {TokenStrip(tinted{v: []float64{1e308, 1e308}, tokens: []string{"a", " b"}}), ErrInfinity, []string{"overflows"}},
		"nil forest":      {Forest(nil), ErrNoData, []string{"got nil"}},
		"no forest":       {Forest(measured{}), ErrNoData, []string{"no effect"}},
		"short forest":    {Forest(measured{names: []string{"a", "b"}, b: flat(1, 1)}), ErrShape, []string{"2 names"}},
		"NaN forest":      {Forest(measured{names: []string{"a", "b"}, b: flat(2, nan)}), ErrNaN, []string{"effect at a"}},
		"short chance":    {Forest(measured{names: []string{"a"}, b: flat(1, 1), randoms: 3}), ErrShape, []string{"random circuits"}},
		"one set":         {UpSet(sharing(1)...), ErrNoData, []string{"1 set", "UpSet(a, b, c)"}},
		"no set":          {UpSet[members](), ErrNoData, []string{"0 sets"}},
		"nil set":         {UpSet[Membered](sharing(1)[0], nil), ErrNoData, []string{"set 2", "got nil"}},
		"empty sets":      {UpSet(members{}, members{}), ErrNoData, []string{"all sets are empty"}},
		"many sets":       {UpSet(sharing(17)...), ErrSize, []string{"17 sets", "16"}},
		"no ranking":      {Cumulative[Ranking](), ErrNoData, []string{"no ranking"}},
		"nil ranking":     {Cumulative[Ranking](nil), ErrNoData, []string{"got nil"}},
		"no rank":         {Cumulative(steep("a", 3, 1), rankedScores{}), ErrNoData, []string{"ranking 2", "no score"}},
		"zero ranking":    {Cumulative(rankedScores{v: []float64{0}}), ErrNoData, []string{"all scores are zero"}},
		"rises":           {Cumulative(rankedScores{v: []float64{1, -2}}), ErrRange, []string{"place 2", "−2.00 after +1.00"}},
		"NaN rank":        {Cumulative(rankedScores{v: []float64{nan}}), ErrNaN, []string{"place 1"}},
		"five rankings":   {Cumulative(make([]rankedScores, 5)...), ErrSize, []string{"5 rankings"}},
		"rank overflow":   {Cumulative(rankedScores{v: []float64{1e308, 1e308}}), ErrInfinity, []string{"overflows"}},
		"nil before":      {BeforeAfter(nil, distribution{}), ErrNoData, []string{"before", "got nil"}},
		"no after":        {BeforeAfter(distribution{tokens: []string{"a"}, p: []float64{1}}, distribution{}), ErrNoData, []string{"after", "no token"}},
		"short before":    {BeforeAfter(distribution{tokens: []string{"a"}}, distribution{}), ErrShape, []string{"before", "0 probabilities"}},
		"NaN chance":      {BeforeAfter(distribution{tokens: []string{"a"}, p: []float64{nan}}, distribution{tokens: []string{"a"}, p: []float64{1}}), ErrNaN, []string{"token a"}},
		"sure of it":      {BeforeAfter(distribution{tokens: []string{"a"}, p: []float64{1.5}}, distribution{tokens: []string{"a"}, p: []float64{1}}), ErrRange, []string{"1.5"}},
		"nil by prompt":   {ByPrompt(nil), ErrNoData, []string{"got nil"}},
		"no prompt":       {ByPrompt(prompted{units: []string{"a"}}), ErrNoData, []string{"0 prompts"}},
		"no unit row":     {ByPrompt(prompted{units: []string{"a"}, prompts: []string{"b"}}), ErrShape, []string{"0 rows for 1 unit"}},
		"short unit":      {ByPrompt(prompted{units: []string{"a"}, prompts: []string{"b"}, z: [][]float64{{}}}), ErrShape, []string{"unit 0 (a)", "0 scores for 1 prompt"}},
		"NaN prompt":      {ByPrompt(prompted{units: []string{"a"}, prompts: []string{"b"}, z: [][]float64{{nan}}}), ErrNaN, []string{"unit 0 (a)"}},
		"huge prompt":     {ByPrompt(prompted{units: []string{"a"}, prompts: []string{"b"}, z: [][]float64{{1e308}}}), ErrInfinity, []string{"overflows"}},
		"no room":         {HeatMap(good).Size(1, 1), ErrSize, []string{"no room", ".Size(6.5, 3.5)"}},
		"too large":       {HeatMap(good).Size(41, 1), ErrSize, []string{"1 to 40 inches"}},
		"not a size":      {HeatMap(good).Size(nan, 3), ErrSize, []string{"1 to 40 inches"}},
		"small print":     {HeatMap(good).FontSize(3), ErrSize, []string{"3 points", ".FontSize(11)"}},
		"not a font":      {HeatMap(good).FontSize(nan), ErrSize, []string{"4 to 40 points"}},
		"few pixels":      {HeatMap(good).Width(50), ErrSize, []string{"CSS pixels", ".Width(600)"}},
		"negative":        {HeatMap(good).Size(3, -1), ErrSize, []string{"1 to 40 inches"}},
	} {
		for format, encode := range map[string]func() ([]byte, error){"PNG": c.fig.PNG, "SVG": c.fig.SVG, "PDF": c.fig.PDF} {
			data, err := encode()
			if !errors.Is(err, c.kind) || data != nil {
				t.Errorf("%s: %s returns %d bytes and %v, want %v", name, format, len(data), err, c.kind)
				continue
			}
			for _, part := range append(c.parts, "plotting.", "; ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%s: %q lacks %q", name, err, part)
				}
			}
		}
		if c.fig.Alt() == "" || c.fig.TitleText() == "" || !errors.Is(c.kind, ErrSize) && c.fig.CSSWidth() <= 0 {
			t.Errorf("%s: no alternative text, title or width", name)
		}
	}
}

func TestExtremeNumbersDraw(t *testing.T) {
	for _, v := range []float64{5e-324, 1e-300, 1e-7, 1, 1e9, 4e307} {
		for _, fig := range []*Figure{
			ByLayer(layered{[]float64{0, v}, []float64{-v / 2, 0}}),
			HeatMap(grid{[][]float64{{v, 0}, {0, -v}}, []string{"a", "b"}}),
			DoseResponse(dosed{x: []float64{0, 1, 2}, b: flat(3, min(v, 1e307))}),
			DoseResponse(dosed{x: []float64{0, 1, 2}, b: band{[]float64{-v / 99, 0, v / 99}, []float64{-v / 99, 0, v / 99}, []float64{-v / 99, 0, v / 99}}}),
			Graph(joined(0, 1, v/9, -v/9)),
			Methods(methods{names: []string{"a", "b"}, effect: flat(2, v/99), profiles: [][]float64{{v}, {v}}}),
			Specifications(multiverse{b: band{[]float64{-v / 99, v / 99}, []float64{-v / 99, v / 99}, []float64{-v / 99, v / 99}}, of: make([][]int, 2)}),
			LayerFlow(joined(0, 1, v/9, -v/9)),
			Profiles(profiled{[]string{"a", "b"}, [][]float64{{v, 0}, {-v, v}}, [][]float64{{v}, {-v}}, []float64{v / 9, -v / 9}, []string{"x", "y"}, []string{"z"}}),
			Scatter(paired{x: []float64{0, v / 99}, y: []float64{-v / 99, 0}}),
			DoseResponse(dosed{x: []float64{-min(v, 1e307), min(v, 1e307)}, b: flat(2, 0)}),
		} {
			if _, err := fig.SVG(); err != nil {
				t.Errorf("%g: %v", v, err)
			}
			if s := fig.Alt(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Errorf("%g: %s", v, s)
			}
		}
	}
}
