package steer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// calibrationStats is everything that follows from the numbers of a calibration's record.
type calibrationStats struct {
	steps    []CalibrationStep // by their distance from no intervention, which is the first
	strength Estimate
	value    Estimate
	found    bool
	falls    int // the step after which the value first falls; −1: never
	warnings []Warning
}

// noise is the share of the value sought by which a curve may fall and still count as rising.
const noise = 1e-3

func newCalibrationStats(r Record, b message.CalibrateBody) calibrationStats {
	n, values := len(b.Texts)+len(b.Cases), r.Tensors["values"].Data
	if n == 0 || len(values) != (1+len(b.Doses))*n || b.Goal == message.GoalKL && len(b.Tokens) != n || b.Found >= len(b.Doses) {
		return calibrationStats{falls: -1}
	}
	m := newTried(b, values)
	s := calibrationStats{falls: -1}
	est := bootstrap(m.series, m.weights, b.Seed)
	from, to := est[0].Value, b.Value
	for k, try := range m.order {
		s.steps = append(s.steps, CalibrationStep{m.strength(m.rising[k]), est[k], try})
		if k > 0 && s.falls < 0 && (est[k].Value-est[k-1].Value)/(to-from) < -noise {
			s.falls = k - 1
		}
	}
	if b.Found < 0 {
		s.warnings = append(s.warnings, s.missed(to))
		return s
	}
	at := slices.Index(m.order, b.Found+1)
	s.found, s.value = true, est[at]
	var more []Warning
	s.strength, more = m.interval(at, from, to, est[at].Value)
	s.warnings = append(s.warnings, more...)
	if s.falls >= 0 {
		s.warnings = append(s.warnings, Warning{Code: "monotone", Text: fmt.Sprintf("between the strengths %.4g and %.4g more is less: %.4g is the smallest of the strengths tried that reaches the value, and others may",
			s.steps[s.falls].Strength, s.steps[s.falls+1].Strength, s.strength.Value)})
	}
	if n < message.FewPrompts {
		s.warnings = append(s.warnings, message.Few(n, measuredOn(b.Goal)))
	}
	return s
}

// tried is the doses of a calibration, rising, the unsteered model first.
type tried struct {
	b       message.CalibrateBody
	order   []int       // [1+P] the place of each among the tries, the unsteered model being 0
	rising  []float64   // [1+P]
	series  [][]float64 // [1+P][N] what each came to on every prompt
	weights []float64   // [N] of the prompts: the tokens of a text
}

func newTried(b message.CalibrateBody, values []float32) tried {
	n := len(b.Texts) + len(b.Cases)
	doses := append([]float64{0}, b.Doses...)
	m := tried{b: b, order: make([]int, len(doses)), weights: stats.Ones(n)}
	for i := range m.order {
		m.order[i] = i
	}
	slices.SortFunc(m.order, func(i, j int) int { return cmp.Compare(doses[i], doses[j]) })
	if b.Goal == message.GoalKL {
		for i, k := range b.Tokens {
			m.weights[i] = float64(k)
		}
	}
	for _, i := range m.order {
		m.rising, m.series = append(m.rising, doses[i]), append(m.series, widen(values[i*n:][:n]))
	}
	return m
}

// strength returns a dose as a strength.
func (m tried) strength(dose float64) float64 { return m.b.Zero + dose*(m.b.One-m.b.Zero) }

// interval returns the strength at a place with the interval of where resamples of the prompts reach the value that it came to,
// on the way from one value to another.
func (m tried) interval(at int, from, to, value float64) (Estimate, []Warning) {
	n, outside := len(m.weights), 0 // resamples that reach the value at no strength that was tried
	dose, said := stats.BootstrapOf(n, m.b.Seed, func(count []float64) float64 {
		ys, base := make([]float64, len(m.rising)), 0.
		for k := range m.rising {
			sum, of := 0., 0.
			for i, c := range count {
				sum, of = sum+c*m.series[k][i], of+c*m.weights[i]
			}
			if ys[k] = sum / of; k == 0 {
				base = ys[0]
			}
			ys[k] = (ys[k] - base) / (to - base)
		}
		x, within := stats.Crossing(m.rising, ys, (value-from)/(to-from))
		if !within {
			outside++
		}
		return x
	})
	out := Estimate{m.strength(m.rising[at]), m.strength(dose.Lo), m.strength(dose.Hi), n}
	if out.Lo > out.Hi {
		out.Lo, out.Hi = out.Hi, out.Lo
	}
	if outside == 0 {
		return out, nil
	}
	text := fmt.Sprintf("%.0f %% of the resamples reach the value beyond the strengths that were tried: there the interval follows the power law of the last two", 100*float64(outside)/stats.Resamples)
	if said < 1 {
		text += fmt.Sprintf("; %.0f %% reach it nowhere and are left out", 100*(1-said))
	}
	return out, []Warning{{Code: "interval", Text: text}}
}

// missed says why no strength was found: none that was tried goes as far, or the bracket between two of them did not close.
func (s calibrationStats) missed(to float64) Warning {
	from, last := s.steps[0].Value.Value, s.steps[len(s.steps)-1]
	for k, x := range s.steps[1:] {
		if (x.Value.Value-from)/(to-from) >= 1 {
			return Warning{Code: "reach", Text: fmt.Sprintf("between the strengths %.4g and %.4g the value goes from %.4g to %.4g, and no strength was found there that comes close to %.4g: give an intervention of about that strength",
				s.steps[k].Strength, x.Strength, s.steps[k].Value.Value, x.Value.Value, to)}
		}
	}
	return Warning{Code: "reach", Text: fmt.Sprintf("no strength up to %.4g comes to %.4g; that one comes to %.4g", last.Strength, to, last.Value.Value)}
}

// measuredOn names what a calibration is measured on.
func measuredOn(goal string) string {
	if goal == message.GoalKL {
		return "texts"
	}
	return "prompts"
}
