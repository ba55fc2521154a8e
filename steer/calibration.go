package steer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A Calibration is the strength that reaches a value, with its interval over the prompts, and every strength that was tried.
type Calibration struct {
	steer Intervention
	rec   result[message.CalibrateBody]
	lazy  func() calibrationStats
}

// A CalibrationStep is a strength that was tried with what it came to: the divergence in nats or the difference in logits.
type CalibrationStep struct {
	Strength float64  `json:"strength"`
	Value    Estimate `json:"value"`
}

// calibrationStats is everything that follows from the numbers of a calibration's record.
type calibrationStats struct {
	steps    []CalibrationStep // by their distance from no intervention, which is the first
	strength Estimate
	value    Estimate
	found    bool
	falls    int // the step after which the value first falls; −1: never
	warnings []Warning
}

func newCalibration(i Intervention, fetch func() Record) Calibration {
	rec := newResult[message.CalibrateBody](fetch)
	return Calibration{i, rec, sync.OnceValue(func() calibrationStats { return newCalibrationStats(rec.record(), rec.body()) })}
}

// noise is the share of the value sought by which a curve may fall and still count as rising.
const noise = 1e-3

func newCalibrationStats(r Record, b message.CalibrateBody) (s calibrationStats) {
	n, values := len(b.Texts)+len(b.Cases), r.Tensors["values"].Data
	s.falls = -1
	if n == 0 || len(values) != (1+len(b.Doses))*n || b.Goal == message.GoalKL && len(b.Tokens) != n || b.Found >= len(b.Doses) {
		return s
	}
	doses, order := append([]float64{0}, b.Doses...), make([]int, 1+len(b.Doses))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(doses[i], doses[j]) })
	weights := stats.Ones(n)
	if b.Goal == message.GoalKL {
		for i, k := range b.Tokens {
			weights[i] = float64(k)
		}
	}
	var rising []float64
	var series [][]float64
	for _, i := range order {
		rising, series = append(rising, doses[i]), append(series, widen(values[i*n:][:n]))
	}
	est := bootstrap(series, weights, b.Seed)
	from, to := est[0].Value, b.Value
	strength := func(dose float64) float64 { return b.Zero + dose*(b.One-b.Zero) }
	for k := range order {
		s.steps = append(s.steps, CalibrationStep{strength(rising[k]), est[k]})
		if k > 0 && s.falls < 0 && (est[k].Value-est[k-1].Value)/(to-from) < -noise {
			s.falls = k - 1
		}
	}
	if b.Found < 0 {
		s.warnings = append(s.warnings, s.missed(to))
		return s
	}
	at := slices.Index(order, b.Found+1)
	s.found, s.value = true, est[at]
	outside := 0 // resamples that reach the value at no strength that was tried
	dose, said := stats.BootstrapOf(n, b.Seed, func(count []float64) float64 {
		ys, base := make([]float64, len(rising)), 0.
		for k := range rising {
			sum, of := 0., 0.
			for i, c := range count {
				sum, of = sum+c*series[k][i], of+c*weights[i]
			}
			if ys[k] = sum / of; k == 0 {
				base = ys[0]
			}
			ys[k] = (ys[k] - base) / (to - base)
		}
		x, within := stats.Crossing(rising, ys, (est[at].Value-from)/(to-from))
		if !within {
			outside++
		}
		return x
	})
	s.strength = Estimate{strength(rising[at]), strength(dose.Lo), strength(dose.Hi), n}
	if s.strength.Lo > s.strength.Hi {
		s.strength.Lo, s.strength.Hi = s.strength.Hi, s.strength.Lo
	}
	if outside > 0 {
		text := fmt.Sprintf("%.0f %% of the resamples reach the value beyond the strengths that were tried: there the interval follows the power law of the last two", 100*float64(outside)/stats.Resamples)
		if said < 1 {
			text += fmt.Sprintf("; %.0f %% reach it nowhere and are left out", 100*(1-said))
		}
		s.warnings = append(s.warnings, Warning{Code: "interval", Text: text})
	}
	if s.falls >= 0 {
		s.warnings = append(s.warnings, Warning{Code: "monotone", Text: fmt.Sprintf("between the strengths %.4g and %.4g more is less: %.4g is the smallest of the strengths tried that reaches the value, and others may",
			s.steps[s.falls].Strength, s.steps[s.falls+1].Strength, s.strength.Value)})
	}
	if n < message.FewPrompts {
		s.warnings = append(s.warnings, message.Few(n, measuredOn(b.Goal)))
	}
	return s
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

// Found reports whether a strength reaches the value.
func (c Calibration) Found() bool { return c.stats().found }

// Strength returns the multiplier of Scale, the factor of AddVector or the addend of AddTo that reaches the value, with the
// interval of where resamples of the prompts do, by a power law between the strengths that were tried. It is zero where none
// was found.
func (c Calibration) Strength() Estimate { return c.stats().strength }

// Value returns what was measured at Strength: the divergence in nats, or the difference in logits.
func (c Calibration) Value() Estimate { return c.stats().value }

// Intervention returns the intervention at Strength, with its scope; where none was found it changes nothing.
func (c Calibration) Intervention() Intervention {
	i := c.steer
	if i.x = c.Strength().Value; !c.Found() {
		i.x = c.rec.body().Zero
	}
	return i
}

// Monotone reports whether the value rises with every strength that was tried.
func (c Calibration) Monotone() bool { return c.stats().falls < 0 }

// Steps returns the strengths that were tried with what each came to, the unsteered model first, the strongest last.
func (c Calibration) Steps() []CalibrationStep { return slices.Clone(c.stats().steps) }

// N returns the number of prompts.
func (c Calibration) N() (n int, of string) {
	b := c.rec.body()
	return len(b.Texts) + len(b.Cases), measuredOn(b.Goal)
}

// Unit returns the unit of Value.
func (c Calibration) Unit() string {
	if c.rec.body().Goal == message.GoalTarget {
		return "logits"
	}
	return "nats"
}

// About says what was sought.
func (c Calibration) About() string {
	if c.rec.body().Goal == message.GoalTarget {
		return fmt.Sprintf("logit(target) − logit(counterfactual) of %.4g", c.rec.body().Value)
	}
	return fmt.Sprintf("a divergence of %.4g nats at most", c.rec.body().Value)
}

// Warnings returns what a reader must know before concluding anything.
func (c Calibration) Warnings() []Warning {
	return append(slices.Clone(c.rec.record().Header.Warnings), c.stats().warnings...)
}

// String returns the answer, then a line for each strength that was tried.
func (c Calibration) String() string {
	s := c.stats()
	if len(s.steps) == 0 {
		return "an empty calibration"
	}
	var b strings.Builder
	n, of := c.N()
	if s.found {
		fmt.Fprintf(&b, "strength %.4g [%.4g, %.4g]", s.strength.Value, s.strength.Lo, s.strength.Hi)
	} else {
		b.WriteString("no strength")
	}
	fmt.Fprintf(&b, " for %s, over %d %s\n%10s  %s", c.About(), n, of, "strength", c.Unit())
	for _, x := range s.steps {
		fmt.Fprintf(&b, "\n%10.4g  %.4g [%.4g, %.4g]", x.Strength, x.Value.Value, x.Value.Lo, x.Value.Hi)
	}
	return b.String()
}

// CSV returns a line for each strength that was tried, with a header line.
func (c Calibration) CSV() string {
	t := table{[]string{"strength", "n", "value", "value_lo", "value_hi"}}
	for _, x := range c.stats().steps {
		t.add(x.Strength, x.Value.N, x.Value.Value, x.Value.Lo, x.Value.Hi)
	}
	return t.String()
}

// MarshalJSON writes everything that the calibration knows.
func (c Calibration) MarshalJSON() ([]byte, error) {
	s, b := c.stats(), c.rec.body()
	return json.Marshal(struct {
		Goal     string            `json:"goal"`
		Sought   float64           `json:"sought"`
		Found    bool              `json:"found"`
		Strength Estimate          `json:"strength"`
		Value    Estimate          `json:"value"`
		Monotone bool              `json:"monotone"`
		Steps    []CalibrationStep `json:"steps"`
		Seed     uint64            `json:"seed"`
		Warnings []Warning         `json:"warnings"`
	}{b.Goal, b.Value, s.found, s.strength, s.value, c.Monotone(), s.steps, b.Seed, c.Warnings()})
}

// stats is empty for the zero value, that of a calibration whose task failed.
func (c Calibration) stats() calibrationStats {
	if c.lazy == nil {
		return calibrationStats{falls: -1}
	}
	return c.lazy()
}
