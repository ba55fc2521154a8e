package steer

// mostPoints is how many neurons a scatter of two scores shows: of more every second, third, … by place.
const mostPoints = 5000

// ScatterWith holds the scores of each neuron, Σ_t score of what the narrowing keeps, against those of others of the same model, by the
// methods that a figure needs: with it plotting.Scatter(a, b) takes scores, in a package that does not know this one. Of a model
// with more than 5,000 neurons every second, third, … is shown. Scores of models of other sizes, and more than two, give no point.
func (s Scores) ScatterWith(others ...Scores) interface {
	Points() (x, y []float64)
	Axes() (x, y string)
} {
	return scoresPair{append([]Scores{s}, others...)}
}

// scoresPair is two scores of the same neurons.
type scoresPair struct{ of []Scores }

// step is how far apart by place the neurons are that are shown, and n how many there are; 0 where the two are not of the same.
func (p scoresPair) step() (step, n int) {
	if len(p.of) != 2 {
		return 1, 0
	}
	a, b := p.of[0].data(), p.of[1].data()
	if a.Shape.Layers != b.Shape.Layers || a.width() != b.width() || a.Heads != b.Heads {
		return 1, 0
	}
	n = a.Shape.Layers * a.width()
	return max(1, (n+mostPoints-1)/mostPoints), n
}

// each calls f with the place of each neuron that is shown.
func (p scoresPair) each(f func(at int)) {
	step, n := p.step()
	for at := 0; at < n; at += step {
		f(at)
	}
}

func (p scoresPair) Points() (x, y []float64) {
	if _, n := p.step(); n == 0 {
		return nil, nil
	}
	a, b := p.of[0], p.of[1]
	xs, ys := a.view.totals(a.data()), b.view.totals(b.data())
	p.each(func(at int) { x, y = append(x, xs[at]), append(y, ys[at]) })
	return x, y
}

// Axes names the two by what they have not in common: their methods, or else what they measure.
func (p scoresPair) Axes() (x, y string) {
	if len(p.of) != 2 {
		return "", ""
	}
	a, b := p.of[0].data(), p.of[1].data()
	if x, y = a.Method, b.Method; x == y {
		x, y = a.Metric, b.Metric
	}
	if x == y || x == "" || y == "" {
		x, y = "first scores", "second scores"
	}
	return x, y
}

func (p scoresPair) PointNames() (names []string) {
	p.each(func(at int) { names = append(names, p.of[0].data().unit(at).String()) })
	return names
}

func (p scoresPair) Unit() string {
	if len(p.of) != 2 || p.of[0].Unit() != p.of[1].Unit() {
		return ""
	}
	return p.of[0].Unit()
}

func (p scoresPair) N() (n int, of string) {
	_, n = p.step()
	if n == 0 {
		return 0, "neurons"
	}
	return n, p.of[0].data().units()
}
