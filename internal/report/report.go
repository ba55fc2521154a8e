package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/steer"
)

// A Report is what is to be written, whatever the format.
type Report struct {
	Title  string
	Of     string // what it is a report of, e.g. "the notebook 00-quickstart.ipynb"
	Blocks []Block

	Sources []journal.Source // every result, in full where anything says it in full, in the order of first use
}

// A Block is one part, in one of four forms.
type Block struct {
	Heading string // with Level
	Level   int    // 2 for a part of the report
	Prose   string // Markdown
	Code    string
	Output  *Output
}

// An Output is what a cell showed, or a file of a study.
type Output struct {
	journal.Entry
	Caption string   // of a table or figure that has none of its own
	Changed []string // forms that are not what was recorded
}

// Options say what is around a report.
type Options struct {
	Find func(ref string) (steer.Record, bool) // the results that are at hand, for the tokens of prompts; may be nil
	Live *Live                                 // the engine in the page; nil: none
}

// add appends an output and takes note of its sources.
func (r *Report) add(o *Output) {
	r.Blocks = append(r.Blocks, Block{Output: o})
	for _, s := range o.Origin.Sources {
		s = s.Unpack()
		s.Model = base(s.Model)
		i := slices.IndexFunc(r.Sources, func(x journal.Source) bool { return x.Ref == s.Ref })
		switch {
		case i < 0:
			r.Sources = append(r.Sources, s)
		case !r.Sources[i].Whole() && s.Whole():
			r.Sources[i] = s
		}
	}
}

// verdicts returns the outputs that say what may be said of a circuit.
func (r *Report) verdicts() (out []*Output) {
	for _, b := range r.Blocks {
		if b.Output != nil && (b.Output.Origin.Type == "CircuitVerdict" || b.Output.Origin.Type == "VerdictTask") {
			out = append(out, b.Output)
		}
	}
	return out
}

// circuits returns every circuit that was shown, once.
func (r *Report) circuits() (out []journal.Circuit) {
	for _, b := range r.Blocks {
		if b.Output == nil || b.Output.Origin.Circuit == nil {
			continue
		}
		c := *b.Output.Origin.Circuit
		if !slices.ContainsFunc(out, func(x journal.Circuit) bool { return x.Name == c.Name && slices.Equal(x.Units, c.Units) }) {
			out = append(out, c)
		}
	}
	return out
}

// outputs counts what is shown.
func (r *Report) outputs() int {
	n := 0
	for _, b := range r.Blocks {
		if b.Output != nil {
			n++
		}
	}
	return n
}

// Summary counts what is in the report.
func (r *Report) Summary() string {
	return several(r.outputs(), "output") + ", " + several(len(r.Sources), "result")
}

// models returns the names of the models, in the order of first use.
func (r *Report) models() (out []string) {
	for _, s := range r.Sources {
		if name := base(s.Model); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// base is the last part of a path, so that no folder of a machine is told; a name of the hub stays.
func base(model string) string {
	m := strings.ReplaceAll(model, `\`, "/")
	if strings.HasPrefix(m, "/") || strings.HasPrefix(m, ".") || strings.HasPrefix(m, "~") || strings.Contains(m, ":/") {
		return m[strings.LastIndex(m, "/")+1:]
	}
	return model
}

// progress is what the line of a task that took a while says at its end; it is no finding.
var progress = regexp.MustCompile(`^[a-z][a-z -]* · [0-9.]+ (s|min)( · [0-9a-f]{8}| · not finished)?$`)
