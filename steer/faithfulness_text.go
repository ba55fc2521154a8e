package steer

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// String returns a table: a line for each size, then what the curve comes to.
func (c FaithfulnessCurve) String() string {
	s := c.stats()
	if len(s.rows) == 0 {
		return "an empty curve"
	}
	n, of := c.N()
	b := c.rec.body()
	var out strings.Builder
	if c.name != "" {
		fmt.Fprintf(&out, "%q: ", c.name)
	}
	fmt.Fprintf(&out, "%s, mean over %d %s with 95 %% interval; %s ranked, %s\n", s.metric, n, of, ranked(b), ablationWords[c.Ablation()])
	fmt.Fprintf(&out, "F(M) = %s, F(∅) = %s", shown(s.full), shown(s.empty))
	if b.Embeddings {
		out.WriteString(", the model on the patch prompts")
	}
	out.WriteString("\n")
	fmt.Fprintf(&out, "%8s  %7s  %-9s %-9s %-22s %-22s %-18s %s\n", "units", "share", "F(C)", "F(C̄)", "faithfulness", "completeness", "random f (95 %)", "p")
	for _, r := range s.rows {
		f, comp, random, p := "", "", "", ""
		if s.normalized {
			f, comp = shown(r.Faithfulness), shown(r.Completeness)
		}
		if r.RandomKept.N > 0 {
			random = fmt.Sprintf("[%+.2f, %+.2f]", r.RandomKept.Lo, r.RandomKept.Hi)
		}
		if b.Controls > 0 {
			p = fmt.Sprintf("%.3f", r.P)
		}
		line := fmt.Sprintf("%8d  %5.1f %%  %-+9.3f %-+9.3f %-22s %-22s %-18s %s", r.Units, 100*r.Share, r.Kept.Value, r.Ablated.Value, f, comp, random, p)
		if b.Transplant {
			line += "  sufficiency " + shown(r.Sufficiency)
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if !s.normalized {
		return out.String() + "F(M) and F(∅) differ by no more than noise, so nothing is shown as a share of their difference"
	}
	var comes []string
	if len(s.rows) > 1 { // one size has no area
		comes = append(comes, fmt.Sprintf("CPR %s, CMD %s", shown(s.cpr), shown(s.cmd)))
		if r := s.random; r[0].N > 0 {
			comes = append(comes, fmt.Sprintf("of %d random rankings CPR [%+.2f, %+.2f], CMD [%+.2f, %+.2f]", r[0].N, r[0].Lo, r[0].Hi, r[1].Lo, r[1].Hi))
		}
	}
	if k, ok := c.KStar(); ok {
		comes = append(comes, fmt.Sprintf("k* %d", k))
	}
	return strings.TrimRight(out.String()+strings.Join(comes, "; "), "\n")
}

// ablationWords say in words what units are set to.
var ablationWords = map[Ablation]string{
	MeanAblation: "ablated to their mean at each position", TokenMeanAblation: "ablated to their mean over tokens", ZeroAblation: "ablated to zero",
	PatchAblation: "ablated to what they are on the patch prompt", ResampleAblation: "ablated to what they are on a prompt drawn at random",
}

// ranked names what is ranked.
func ranked(b message.FaithfulnessBody) string {
	switch {
	case b.Heads == 0:
		return several(b.Neurons, "neuron")
	case b.Neurons == 0:
		return several(b.Heads, "head")
	}
	return several(b.Neurons, "neuron") + " and " + several(b.Heads, "head")
}

func shown(e Estimate) string { return fmt.Sprintf("%+.3f [%+.2f, %+.2f]", e.Value, e.Lo, e.Hi) }

// Table returns a line for each size.
func (c FaithfulnessCurve) Table() Table {
	t := Table{Caption: firstLine(c.String()), Columns: strings.Split("units,share,of_model,n,kept,kept_lo,kept_hi,ablated,ablated_lo,ablated_hi,faithfulness,faithfulness_lo,faithfulness_hi,"+
		"completeness,completeness_lo,completeness_hi,sufficiency,sufficiency_lo,sufficiency_hi,controls,random_f_lo,random_f_hi,random_c_lo,random_c_hi,p", ",")}
	for _, r := range c.stats().rows {
		row := []any{r.Units, r.Share, r.OfModel, r.Kept.N}
		for _, e := range []Estimate{r.Kept, r.Ablated, r.Faithfulness, r.Completeness, r.Sufficiency} {
			row = append(row, e.Value, e.Lo, e.Hi)
		}
		t.Add(append(row, c.rec.body().Controls, r.RandomKept.Lo, r.RandomKept.Hi, r.RandomRest.Lo, r.RandomRest.Hi, r.P)...)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (c FaithfulnessCurve) CSV() string { return c.Table().CSV() }

// MarshalJSON writes everything that the curve knows.
func (c FaithfulnessCurve) MarshalJSON() ([]byte, error) {
	s := c.stats()
	k, _ := c.KStar()
	return json.Marshal(struct {
		Metric     string            `json:"metric"`
		N          int               `json:"n"`
		Clusters   int               `json:"clusters"`
		Ablation   Ablation          `json:"ablation"`
		Full       Estimate          `json:"full"`
		Empty      Estimate          `json:"empty"`
		Normalized bool              `json:"normalized"`
		Rows       []FaithfulnessRow `json:"rows"`
		CPR        Estimate          `json:"cpr"`
		CMD        Estimate          `json:"cmd"`
		RandomCPR  Band              `json:"randomCPR"`
		RandomCMD  Band              `json:"randomCMD"`
		KStar      int               `json:"kStar"`
		Seed       uint64            `json:"seed"`
	}{s.metric, len(c.rec.body().Cases), s.clusters, c.Ablation(), s.full, s.empty, s.normalized, c.Rows(), s.cpr, s.cmd, s.random[0], s.random[1], k, c.rec.body().Seed})
}

// warnings says what a reader of the curve must know.
func (m faithfulnessNumbers) warnings(s faithfulnessStats) []Warning {
	var ws []Warning
	warn := func(code, format string, args ...any) {
		ws = append(ws, Warning{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	n := len(m.b.Cases)
	if n < message.FewPrompts {
		warn("few", "%s: the intervals say little about other prompts", several(n, "prompt"))
	} else if s.clusters == n && groups(m.sharing()) < fewestClusters {
		warn("words", "most prompts share a word with another, so that they cannot be resampled in groups: the intervals are too narrow")
	}
	if !s.normalized {
		warn("noise", "F(M) − F(∅) = %+.3g is within noise (below %g, or a tenth of its standard deviation over prompts): faithfulness and completeness are not defined; try another ablation",
			s.full.Value-s.empty.Value, leastDifference)
	}
	switch r := m.b.Controls; {
	case r == 0:
		warn("controls", "no random units: nothing shows that others would not do the same; add Controls(%d)", stats.ControlsFor(1))
	case stats.LeastHolm(r, 1) > stats.Level:
		warn("controls", "%d random sets cannot give a p value below %.2g; use %d or more", r, stats.LeastHolm(r, 1), stats.ControlsFor(1))
	}
	return ws
}
