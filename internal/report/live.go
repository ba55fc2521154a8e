package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Live is the engine with the teaching model, as scripts/build.sh leaves it beside the program: a reader of the page asks it
// for other prompts, other doses, other neurons.
type Live struct {
	wasm []byte // gzip
	exec string // what Go needs around it, with its license
}

// The files of the engine.
const (
	liveWasm = "neuronsteer.wasm.gz"
	liveExec = "neuronsteer.wasm.js"
)

// ReadLive reads the engine from the first folder that has it; ok is false where none has.
func ReadLive(folders ...string) (l *Live, ok bool) {
	for _, dir := range folders {
		wasm, err := regular.ReadFile(filepath.Join(dir, liveWasm), 256<<20)
		if err != nil {
			continue
		}
		exec, err := regular.ReadFile(filepath.Join(dir, liveExec), 1<<20)
		if err != nil || strings.Contains(string(exec), "</script") {
			continue
		}
		return &Live{wasm, string(exec)}, true
	}
	return nil, false
}

// teaching is the model that the engine of a page holds.
const teaching = "teaching"

// lab is what the form of a page begins with.
type lab struct {
	Prompt    string   `json:"prompt"`
	Of        []string `json:"of"`
	Circuit   string   `json:"circuit"`
	Units     []string `json:"units"`
	MaxTokens int      `json:"maxTokens"`
}

// mostUnits is how many switches a page has.
const mostUnits = 64

// trial returns what a reader may try: the first prompt whose answer is measured, on the teaching model, and the first circuit
// that was shown or changed. ok is false where there is no such prompt.
func (r *Report) trial() (l lab, ok bool) {
	l.MaxTokens = 12
	for _, s := range r.Sources {
		if s.Model != teaching || !s.Whole() {
			continue
		}
		var v struct {
			Prompt message.Prompt         `json:"prompt"`
			Metric message.Metric         `json:"metric"`
			Of     []message.TokenRef     `json:"of"`
			Edits  []message.Intervention `json:"edits"`
			Cases  []struct {
				Prompt         message.Prompt
				Target, Versus message.TokenRef
			} `json:"cases"`
		}
		if json.Unmarshal([]byte(s.Settings), &v) != nil {
			continue
		}
		refs := append([]message.TokenRef{v.Metric.Target, v.Metric.Versus}, v.Of...)
		if v.Prompt.Text == "" && len(v.Cases) > 0 {
			v.Prompt, refs = v.Cases[0].Prompt, []message.TokenRef{v.Cases[0].Target, v.Cases[0].Versus}
		}
		if v.Prompt.Text != "" && !v.Prompt.Chat && (l.Prompt == "" || len(l.Of) < 2 && v.Prompt.Text == l.Prompt) {
			l.Prompt = v.Prompt.Text
			for _, x := range refs {
				if x.How == message.ByText && x.Text != "" && len(l.Of) < 2 && !slices.Contains(l.Of, x.Text) {
					l.Of = append(l.Of, x.Text)
				}
			}
		}
		for _, e := range v.Edits {
			if len(l.Units) == 0 && e.Op == message.OpScale {
				for _, n := range e.Neurons {
					l.Units = append(l.Units, n.String())
				}
			}
		}
	}
	for _, b := range r.Blocks {
		if o := b.Output; o != nil && o.Origin.Circuit != nil && (len(o.Origin.Sources) == 0 || slices.ContainsFunc(o.Origin.Sources, r.ofTeaching)) {
			l.Circuit, l.Units = o.Origin.Circuit.Name, o.Origin.Circuit.Units
			break
		}
	}
	l.Units = l.Units[:min(len(l.Units), mostUnits)]
	return l, l.Prompt != ""
}

// policy is the content security policy of a page: nothing is asked for, from anywhere, and no script runs but its own two.
func (l *Live) policy() string {
	scripts := ""
	if l != nil {
		scripts = fmt.Sprintf(" script-src 'sha256-%s' 'sha256-%s' 'wasm-unsafe-eval';", hash(l.exec), hash(labScript))
	}
	return "default-src 'none';" + scripts + " img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}

func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return base64.StdEncoding.EncodeToString(sum[:])
}

//go:embed lab.js
var labScript string

// scripts is what stands at the end of a page: the engine, what starts it, and what asks it.
func (l *Live) scripts(begin lab) (string, error) {
	b, err := json.Marshal(begin)
	if err != nil {
		return "", err
	}
	return `<script type="application/json" id="neuronsteer-lab">` + string(b) + "</script>\n" +
		`<script type="application/octet-stream" id="neuronsteer-engine">` + base64.StdEncoding.EncodeToString(l.wasm) + "</script>\n" +
		"<script>" + l.exec + "</script>\n<script>" + labScript + "</script>\n", nil
}
