package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A grid is a table of texts with a caption, from which every format writes its own.
type grid struct {
	caption string
	heads   []string
	rows    [][]string
	refs    bool // the first column is an address, which outputs point to
}

// A prompt is one text that the model was given, as far as the results say.
type prompt struct {
	text, model string
	tokens      []string
	uses        int
}

// prompts returns the prompts of all results, in the order of first use. Where the result is at hand the tokens are known.
func (r *Report) prompts(find func(string) (steer.Record, bool)) (out []prompt) {
	for _, s := range r.Sources {
		var v any
		if !s.Whole() || json.Unmarshal([]byte(s.Settings), &v) != nil {
			continue
		}
		var texts []string
		collect(v, &texts)
		for _, t := range texts {
			i := slices.IndexFunc(out, func(p prompt) bool { return p.text == t && p.model == base(s.Model) })
			if i < 0 {
				i = len(out)
				out = append(out, prompt{text: t, model: base(s.Model)})
			}
			out[i].uses++
			if out[i].tokens == nil && len(texts) == 1 && find != nil {
				out[i].tokens = tokens(s.Ref, find)
			}
		}
	}
	return out
}

// collect finds every {"prompt": {"text": …}} and {"prompt": "…"} of settings, whatever the kind.
func collect(v any, texts *[]string) {
	switch v := v.(type) {
	case map[string]any:
		if p, ok := v["text"].(string); ok {
			if _, chat := v["chat"]; chat && p != "" && !slices.Contains(*texts, p) {
				*texts = append(*texts, p)
			}
		}
		for _, k := range sortedKeys(v) {
			collect(v[k], texts)
		}
	case []any:
		for _, x := range v {
			collect(x, texts)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// tokens returns the tokens of the prompt of a result.
func tokens(ref string, find func(string) (steer.Record, bool)) (out []string) {
	rec, ok := find(ref)
	if !ok {
		return nil
	}
	var body struct {
		Tokens []engine.Token `json:"tokens"`
	}
	if json.Unmarshal(rec.Header.Body, &body) != nil {
		return nil
	}
	return engine.Texts(body.Tokens)
}

// verb says what a kind of result is, in a table and in the sentence on methods.
var verbs = map[string]struct{ name, sentence string }{
	"attribute":      {"attribution", "Every MLP neuron and attention head was scored by relevance propagation in one forward and one backward pass"},
	"behavior":       {"attribution of many prompts", "Scores over several prompts were aligned from the end and averaged"},
	"contrast":       {"contrast", "Neurons were compared by the difference of their activations at the last token between positive and negative prompts"},
	"control-vector": {"control vector", "Directions were made of the difference between positive and negative prompts"},
	"decompose":      {"decomposition", "Directions were decomposed into the output directions of neurons"},
	"sweep":          {"dose and response", "Circuits were scaled by several multipliers, beside random circuits with as many units in each layer"},
	"faithfulness":   {"faithfulness", "The share of the behavior that the first units of a ranking carry was measured by ablating all others"},
	"patch":          {"patching", "Units were patched one at a time"},
	"edges":          {"edges", "Edges between units were computed in the linearized model"},
	"methods":        {"comparison of methods", "Several methods were compared on the same examples"},
	"stability":      {"stability", "Circuits were selected under other rules, sizes and prompts"},
	"calibrate":      {"calibration", "The strength of an intervention was set by a budget of side effects"},
	"evidence":       {"evidence", "What may be said of a circuit was judged by ten criteria over kept results"},
	"baseline":       {"baseline", "Whether the model shows the behavior was tested first, without any intervention"},
	"generate":       {"generation", "Texts were continued with and without interventions"},
	"predict":        {"prediction", "Next-token probabilities were read with and without interventions"},
}

// methods returns the sentences on what was done.
func (r *Report) methods() string {
	var said, engines []string
	for _, s := range r.Sources {
		if v, ok := verbs[s.Kind]; ok && !slices.Contains(said, v.sentence) {
			said = append(said, v.sentence)
		}
		if s.Engine != "" && !slices.Contains(engines, s.Engine) && !strings.Contains(s.Engine, "kept") {
			engines = append(engines, s.Engine)
		}
	}
	if len(r.Sources) == 0 {
		return "Nothing in this report was computed by neuronsteer."
	}
	var text strings.Builder
	fmt.Fprintf(&text, "The model %s was studied with neuronsteer %s (%s).", strings.Join(r.models(), " and "), r.tool(), strings.Join(engines, ", "))
	for _, s := range said {
		text.WriteString(" " + s + ".")
	}
	if edits := r.edits(); edits != "" {
		text.WriteString(" Interventions: " + edits + ".")
	}
	fmt.Fprintf(&text, " The %d results behind the outputs are named by content address (SHA-256 of the request, the weights and the tokenizer).", len(r.Sources))
	return text.String()
}

// tool is the version of the program that made the results.
func (r *Report) tool() string {
	var out []string
	for _, s := range r.Sources {
		if s.Tool != "" && !slices.Contains(out, s.Tool) {
			out = append(out, s.Tool)
		}
	}
	return strings.Join(out, ", ")
}

// edits counts the interventions of the requests by what they do.
func (r *Report) edits() string {
	seen := map[string]bool{}
	var out []string
	for _, s := range r.Sources {
		var v struct {
			Edits        []message.Intervention `json:"edits"`
			Continuation struct {
				Edits []message.Intervention `json:"edits"`
			} `json:"continuation"`
		}
		if json.Unmarshal([]byte(s.Settings), &v) != nil {
			continue
		}
		for _, e := range append(v.Edits, v.Continuation.Edits...) {
			what := edit(e)
			if !seen[what] {
				seen[what] = true
				out = append(out, what)
			}
		}
	}
	return strings.Join(out, "; ")
}

// edit says an intervention in words.
func edit(e message.Intervention) string {
	switch {
	case e.Op == message.OpScale && e.X == 0:
		return several(len(e.Neurons), "unit") + " ablated (×0)"
	case e.Op == message.OpScale:
		return fmt.Sprintf("%s scaled (×%v)", several(len(e.Neurons), "unit"), e.X)
	case len(e.Neurons) > 0:
		return fmt.Sprintf("%s of %d units", e.Op, len(e.Neurons))
	}
	return e.Op + " of a vector"
}

// provenance returns the table of results and that of models.
func (r *Report) provenance() (results, models grid) {
	results = grid{caption: fmt.Sprintf("The %d results behind the outputs, in the order of first use", len(r.Sources)), heads: []string{"Address", "What", "Model", "Computed by", "Settings"}, refs: true}
	models = grid{caption: "Models and programs", heads: []string{"Model", "Weights (SHA-256)", "Tokenizer (SHA-256)", "Program", "Build"}}
	for _, s := range r.Sources {
		size := fmt.Sprintf("%d bytes", len(s.Settings))
		if !s.Whole() {
			size = "too long to stand here"
		}
		results.rows = append(results.rows, []string{s.Ref, r.kind(s), base(s.Model), s.Engine, size})
		row := []string{base(s.Model), s.Identity.Model, s.Identity.Tokenizer, s.Tool, s.Identity.Build}
		if row[4] == "" {
			row[4] = "release"
		}
		if !slices.ContainsFunc(models.rows, func(x []string) bool { return slices.Equal(x, row) }) {
			models.rows = append(models.rows, row)
		}
	}
	return results, models
}

func (r *Report) kind(s journal.Source) string {
	if v, ok := verbs[s.Kind]; ok {
		return v.name
	}
	return s.Kind
}
