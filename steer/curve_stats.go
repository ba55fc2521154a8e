package steer

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// curveStats is everything that follows from the numbers of a sweep's record.
type curveStats struct {
	metric    string
	doses     []Dose
	unsteered Dose
	prompted  Dose // zero without an instruction
	trend     Trend
	prompts   [][]float64 // [N][M]
	random    [][]float64 // [R][M]
	side      []SideEffect
	tests     int // multipliers that are held against the controls: all but 1
	baseline  Baseline
	warnings  []Warning
}

// responses gives the numbers of a record by name.
type responses struct {
	b message.SweepBody
	r Record
}

// row returns one array of a pass over the prompts [N]; circuit 0 is the circuit.
func (m responses) row(name string, multiplier, circuit int) []float64 {
	n := len(m.b.Cases)
	at := (multiplier*(1+m.b.Controls) + circuit) * n
	return widen(m.r.Tensors[name].Data[at:][:n])
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// fits reports whether the tensors have the sizes that the body says; a record that does not fit shows as an empty result.
func (m responses) fits() bool {
	M, C, N := len(m.b.Multipliers), 1+m.b.Controls, len(m.b.Cases)
	if N == 0 || M == 0 || C < 1 || len(m.r.Tensors["unsteered"].Data) != 3*N {
		return false
	}
	if m.b.Prompted != "" && len(m.r.Tensors["prompted"].Data) != 3*N {
		return false
	}
	for _, name := range []string{"difference", "target", "versus"} {
		if len(m.r.Tensors[name].Data) != M*C*N {
			return false
		}
	}
	return true
}

func newCurveStats(r Record, b message.SweepBody) curveStats {
	m := responses{b, r}
	if !m.fits() {
		return curveStats{}
	}
	N := len(m.b.Cases)
	un := widen(r.Tensors["unsteered"].Data) // [3,N]
	var s curveStats
	s.metric = m.metric()
	s.doses, s.unsteered = m.doses(un)
	m.promptedStats(&s, un)
	for _, x := range m.b.Multipliers {
		if x != 1 {
			s.tests++
		}
	}
	s.prompts, s.random = make([][]float64, N), make([][]float64, m.b.Controls)
	for i := range m.b.Multipliers {
		for k, x := range m.row("difference", i, 0) {
			s.prompts[k] = append(s.prompts[k], x)
		}
		for c := range m.b.Controls {
			s.random[c] = append(s.random[c], stats.Mean(m.row("difference", i, c+1)))
		}
	}
	s.trend = m.trend(s.prompts, s.random)
	s.side = newSideEffects(r, m.b)
	s.baseline = newBaseline(func() evidence { return m.evidence(un[:N]) }, conditions{header: func() Header { return r.Header }})
	s.warnings = m.warnings(s, un[:N])
	return s
}

// doses computes the response to every multiplier, and the unsteered one. All intervals share their resamples.
func (m responses) doses(un []float64) (doses []Dose, unsteered Dose) {
	N, M := len(m.b.Cases), len(m.b.Multipliers)
	base := un[:N]
	series := [][]float64{base, un[N : 2*N], un[2*N:]}
	for i := range m.b.Multipliers {
		difference := m.row("difference", i, 0)
		series = append(series, difference, minus(difference, base), m.row("target", i, 0), m.row("versus", i, 0))
	}
	est := bootstrap(series, stats.Ones(N), m.b.Seed)
	unsteered = Dose{Multiplier: 1, Difference: est[0], Target: est[1], Versus: est[2], Change: Estimate{N: N}, Prefers: m.prefers(base), P: 1, Holm: 1, SignFlip: 1}
	doses = make([]Dose, M)
	var tested []int // all but the unsteered multiplier
	var ps []float64
	for i, x := range m.b.Multipliers {
		difference := m.row("difference", i, 0)
		change := minus(difference, base)
		d := Dose{Multiplier: x, Difference: est[3+4*i], Change: est[4+4*i], Target: est[5+4*i], Versus: est[6+4*i],
			Prefers: m.prefers(difference), P: 1, Holm: 1, SignFlip: 1}
		var means, null []float64
		for c := range m.b.Controls {
			control := m.row("difference", i, c+1)
			means, null = append(means, stats.Mean(control)), append(null, stats.Mean(minus(control, base)))
		}
		d.Controls = newBand(means)
		if x != 1 {
			d.P, d.SignFlip, d.Effect = stats.NullP(d.Change.Value, null), stats.SignFlipP(change, m.b.Seed), stats.CohenD(change)
			for _, y := range null {
				if math.Abs(y) < math.Abs(d.Change.Value) {
					d.Weaker++
				}
			}
			tested, ps = append(tested, i), append(ps, d.P)
		}
		doses[i] = d
	}
	for k, p := range stats.Holm(ps) {
		doses[tested[k]].Holm = p
	}
	return doses, unsteered
}

// promptedStats adds the response to the instruction, and how far each multiplier lies from it.
func (m responses) promptedStats(s *curveStats, un []float64) {
	if m.b.Prompted == "" {
		return
	}
	N, got := len(m.b.Cases), widen(m.r.Tensors["prompted"].Data) // [3,N]
	difference := got[:N]
	change := minus(difference, un[:N])
	series := [][]float64{difference, change, got[N : 2*N], got[2*N:]}
	for i := range m.b.Multipliers {
		series = append(series, minus(m.row("difference", i, 0), difference))
	}
	est := bootstrap(series, stats.Ones(N), m.b.Seed)
	s.prompted = Dose{Multiplier: 1, Difference: est[0], Change: est[1], Target: est[2], Versus: est[3], Prefers: m.prefers(difference),
		P: 1, Holm: 1, SignFlip: stats.SignFlipP(change, m.b.Seed), Effect: stats.CohenD(change)}
	for i := range s.doses {
		s.doses[i].FromPrompted = est[4+i]
	}
}

func newBand(v []float64) Band {
	if len(v) == 0 {
		return Band{}
	}
	s := slices.Sorted(slices.Values(v))
	return Band{stats.Mean(v), stats.Quantile(s, .025), stats.Quantile(s, .975), s[0], s[len(s)-1], len(s)}
}

func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

// prefers returns the share of the prompts with a counterfactual whose difference [N] is above zero.
func (m responses) prefers(difference []float64) float64 {
	n, of := 0, 0
	for i, c := range m.b.Cases {
		if c.Versus == nil {
			continue
		}
		of++
		if difference[i] > 0 {
			n++
		}
	}
	return float64(n) / float64(max(of, 1))
}

func (m responses) trend(prompts, random [][]float64) Trend {
	xs := m.b.Multipliers
	if len(xs) < 2 {
		return Trend{P: 1}
	}
	var slopes, rhos, null []float64
	total := make([]float64, len(xs))
	for _, ys := range prompts {
		slopes, rhos = append(slopes, stats.Slope(xs, ys)), append(rhos, stats.Spearman(xs, ys))
		for i, y := range ys {
			total[i] += y
		}
	}
	for _, ys := range random {
		null = append(null, stats.Slope(xs, ys))
	}
	est := bootstrap([][]float64{slopes, rhos}, stats.Ones(len(prompts)), m.b.Seed)
	against := 0
	for _, s := range slopes {
		if s < 0 {
			against++
		}
	}
	return Trend{est[0], float64(against) / float64(len(slopes)), stats.NullP(est[0].Value, null), stats.Spearman(xs, total), est[1]}
}

// metric writes what the difference is, with the tokens where all prompts share them.
func (m responses) metric() string {
	first, same, versus := m.b.Cases[0], true, false
	for _, c := range m.b.Cases {
		versus = versus || c.Versus != nil
		same = same && c.Target.ID == first.Target.ID && (c.Versus == nil) == (first.Versus == nil) &&
			(c.Versus == nil || c.Versus.ID == first.Versus.ID)
	}
	switch {
	case same && versus:
		return fmt.Sprintf("logit(%q) − logit(%q)", first.Target.Text, first.Versus.Text)
	case same:
		return fmt.Sprintf("logit(%q)", first.Target.Text)
	case versus:
		return "logit(target) − logit(counterfactual)"
	}
	return "logit(target)"
}
