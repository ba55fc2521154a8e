package report

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
	"github.com/neuronsteer/neuronsteer/steer"
	"golang.org/x/net/html"
)

// source is a result as an output tells of it.
func source(settings string) journal.Source {
	return journal.NewSource(steer.Record{Header: steer.Header{
		Request:  steer.Request{Kind: "predict", Version: 2, Settings: json.RawMessage(settings)},
		Identity: steer.Identity{Model: strings.Repeat("a", 64), Tokenizer: strings.Repeat("b", 64)}, Model: "/home/somebody/models/tiny", Engine: "native (go)", Tool: "devel",
		Body: json.RawMessage(`{"top":[{"p":0.25}]}`)}})
}

const card = `<div style="opacity:1"><div><b>Next token</b></div><table><caption>Most probable</caption><thead><tr><th scope="col" style="text-align:left">token</th><th scope="col" style="text-align:right">p</th><td></td></tr></thead><tbody><tr><td style="text-align:left">·a|b</td><td style="text-align:right">25 %</td><td><span aria-hidden="true">███</span></td></tr></tbody></table></div>`

// shown is an output of a notebook with what it came from.
func shown(t *testing.T, data map[string]string, typ string, sources ...journal.Source) map[string]any {
	t.Helper()
	forms := map[string][]byte{}
	for kind, v := range data {
		forms[kind] = []byte(v)
		if kind == "image/png" {
			data[kind] = base64.StdEncoding.EncodeToString([]byte(v))
		}
	}
	o := journal.Origin{Version: journal.Version, Type: typ, Shown: journal.Digests(forms), Sources: sources}
	if typ == "Circuit" {
		o.Circuit = &journal.Circuit{Name: "praise", Units: []string{"L0/N31", "L5/H2"}}
	}
	m, err := o.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"output_type": "display_data", "data": data, "metadata": map[string]any{journal.Key: m, "image/png": map[string]int{"width": 300}}}
}

// notebook writes a notebook with every kind of output, and what tries to get out of a page.
func notebook(t *testing.T, prose string) string {
	t.Helper()
	s := source(`{"prompt":{"text":"I loved it. It was","chat":false,"system":"","prefill":""},"edits":[{"op":"scale","neurons":[{"layer":0,"index":31}],"x":0,"scope":"all"}]}`)
	n := map[string]any{"nbformat": 4, "cells": []any{
		map[string]any{"cell_type": "markdown", "source": []string{"# What praise *is*\n", prose}},
		map[string]any{"cell_type": "code", "source": "%%\nnb.Show(x)", "outputs": []any{
			shown(t, map[string]string{"text/html": card, "text/plain": "Next token\n  ·a|b  25 %"}, "Prediction", s),
			shown(t, map[string]string{"image/png": "\x89PNG", "text/plain": `Layer 0 carries "half". The rest is small.`}, "Figure", s.Brief()),
			shown(t, map[string]string{"text/html": `<style>b{color:red}</style><b>p = 0.01</b><script src="https://evil.example/x.js"></script><img src="https://evil.example/x.png" alt="pixel"><p onclick="x()" style="background:url(https://evil.example)">text</p><h1>big</h1><!--shown out-1 text/html-->`, "text/plain": "p = 0.01"}, "CircuitVerdict", s.Brief()),
			shown(t, map[string]string{"text/html": "<b>praise</b>", "text/plain": "praise"}, "Circuit", s.Brief()),
			map[string]any{"output_type": "display_data", "data": map[string]string{"text/html": "<iframe src='https://evil.example'></iframe>", "text/plain": "a widget"}, "metadata": map[string]any{}},
			map[string]any{"output_type": "display_data", "data": map[string]string{"text/html": "<div>…</div>", "text/plain": "sweep · 2.0 s · 26b1022f"}, "metadata": map[string]any{}},
			map[string]any{"output_type": "stream", "name": "stdout", "text": "printed <b>\n"},
		}},
		map[string]any{"cell_type": "markdown", "source": "#### Deep\n\n![a picture](https://evil.example/y.png) <script>1</script>\n\n# High"},
	}}
	b, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "praise.ipynb")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// write reads a notebook and writes its report.
func write(t *testing.T, path, ext string) (string, string) {
	t.Helper()
	r, err := ReadNotebook(path)
	if err != nil {
		t.Fatal(err)
	}
	to := strings.TrimSuffix(path, ".ipynb") + ext
	if err := r.Save(to, Options{}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), to
}

// TestPageIsOneHarmlessFile: nothing of a page asks for anything, runs, or leaves its place; headings go down by one step at
// most; every picture has a text.
func TestPageIsOneHarmlessFile(t *testing.T) {
	page, _ := write(t, notebook(t, "Prose."), ".html")
	if strings.Contains(page, "evil.example") && regexp.MustCompile(`(src|href|url\()[^>]*evil`).MatchString(page) {
		t.Error("something is asked for")
	}
	n, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	last, h1 := 0, 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch {
			case n.Data == "script" && attribute(n, "type") != "application/json", n.Data == "iframe", n.Data == "link":
				t.Errorf("<%s> in the page", n.Data)
			case n.Data == "img" && (attribute(n, "alt") == "" || !strings.HasPrefix(attribute(n, "src"), "data:")):
				t.Errorf("an image %v", n.Attr)
			case len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] <= '6' && n.Data[1] >= '1':
				level := int(n.Data[1] - '0')
				if level > last+1 {
					t.Errorf("heading %q is of level %d after %d", content(n), level, last)
				}
				if last = level; level == 1 {
					h1++
				}
			case attribute(n, "onclick") != "":
				t.Error("an element acts")
			}
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
	}
	walk(n)
	if h1 != 1 || !strings.Contains(page, "<h1>What praise is</h1>") {
		t.Errorf("%d titles", h1)
	}
	if !strings.Contains(page, `content="default-src 'none'`) {
		t.Error("no content security policy")
	}
	if strings.Contains(page, "b{color:red}") {
		t.Error("a style of an output stands in the page")
	}
	if strings.Contains(page, "somebody") {
		t.Error("the folder of a model is told")
	}
}

// TestPageSaysEverything: the verdict first, then what was found, and all facts about it.
func TestPageSaysEverything(t *testing.T) {
	page, _ := write(t, notebook(t, "Prose."), ".html")
	order := []string{">Verdict</h2>", "p = 0.01", ">Findings</h2>", "Most probable", `alt="Layer 0 carries &#34;half&#34;. The rest is small."`, "Figure 1. Layer 0 carries &#34;half&#34;.", "a widget", "printed &lt;b&gt;",
		">Prompts and tokens</h2>", "I loved it. It was", ">Circuits</h2>", "praise", "L0/N31 L5/H2", ">Methods</h2>", "1 unit ablated (×0)", ">Provenance</h2>", "native (go)", "<h3>Settings</h3>", "&#34;op&#34;: &#34;scale&#34;", ">How to cite it</h2>", "@misc{neuronsteer-"}
	at := 0
	for _, s := range order {
		i := strings.Index(page[at:], s)
		if i < 0 {
			t.Fatalf("%q does not stand where it should", s)
		}
		at += i
	}
	if strings.Contains(page, "26b1022f") {
		t.Error("a line of progress is a finding")
	}
	if n := strings.Count(page, "p = 0.01"); n != 2 { // in the page and in its island
		t.Errorf("the verdict stands %d times", n)
	}
}

// TestChangedOutputIsSaid: an output that is not what was recorded says so in the report, too.
func TestChangedOutputIsSaid(t *testing.T) {
	path := notebook(t, "Prose.")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), "25 %", "52 %", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if page, _ := write(t, path, ".html"); strings.Count(page, "Changed since it was made") != 1 {
		t.Error("it is not said")
	}
}

// TestMarkdownAndLaTeX: the same tables and figures in both, with what stands for something else there escaped.
func TestMarkdownAndLaTeX(t *testing.T) {
	path := notebook(t, "100 % of_it.")
	md, to := write(t, path, ".md")
	for _, s := range []string{"# What praise is\n", "## Verdict", "*Most probable*\n\n| token | p |\n|---|---:|\n| ·a\\|b | 25 % |\n", `![Layer 0 carries "half". The rest is small.](praise-figure1.png)`, "\n## Deep"} {
		if !strings.Contains(md, s) {
			t.Errorf("Markdown has no %q", s)
		}
	}
	if b, err := os.ReadFile(filepath.Join(filepath.Dir(to), "praise-figure1.png")); err != nil || string(b) != "\x89PNG" {
		t.Errorf("the figure: %q, %v", b, err)
	}
	latex, _ := write(t, path, ".tex")
	for _, s := range []string{"\\caption{Most probable}", "\\begin{tabular}{lr}", `\textperiodcentered{}a\textbar{}b & 25 \% \\`, "\\includegraphics[width=\\linewidth]{praise-figure1.png}", "\\paragraph{Methods.}"} {
		if !strings.Contains(latex, s) {
			t.Errorf("LaTeX has no %q", s)
		}
	}
}

// TestIslandIsWhatIsShown: the page holds the digests of what it shows.
func TestIslandIsWhatIsShown(t *testing.T) {
	page, _ := write(t, notebook(t, "Prose."), ".html")
	_, rest, _ := strings.Cut(page, `id="`+IslandID+`">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var island Island
	if err := json.Unmarshal([]byte(text), &island); err != nil {
		t.Fatal(err)
	}
	if len(island.Outputs) != 6 || len(island.Sources) != 1 || !island.Sources[0].Whole() {
		t.Fatalf("%d outputs, %d sources", len(island.Outputs), len(island.Sources))
	}
	for _, o := range island.Outputs {
		for kind := range o.Origin.Shown {
			if shown, ok := Shown(page, o.ID, kind); !ok || journal.Digest(shown) != o.Origin.Shown[kind] {
				t.Errorf("%s shows %q as %s, which is not what is recorded", o.ID, shown, kind)
			}
		}
	}
}

// TestNothingToReport: a notebook that was not run, and what is none, say what to do.
func TestNothingToReport(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, says string }{
		"empty.ipynb": {`{"nbformat":4,"cells":[]}`, "was not run"},
		"old.ipynb":   {`{"nbformat":3,"worksheets":[]}`, "version 3"},
		"torn.ipynb":  {`{"nbformat":4,"cells":[`, "no notebook"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadNotebook(path); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadSession(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "shown nothing") {
		t.Errorf("a session without outputs: %v", err)
	}
	if _, err := ReadStudy(dir); err == nil || !strings.Contains(err.Error(), "no folder of a study") {
		t.Errorf("a folder without a study: %v", err)
	}
}

// TestPagesPassTheChecker: a page is read by whoever cannot see, in both themes, offline.
func TestPagesPassTheChecker(t *testing.T) {
	path := notebook(t, "Prose with `code`, [a link](https://example.org) and a table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
	r, err := ReadNotebook(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Sources {
		r.Sources[i].Model = teaching
	}
	to := strings.TrimSuffix(path, ".ipynb") + ".html"
	if err := r.Save(to, Options{Live: &Live{wasm: []byte("engine"), exec: "/* Go */"}}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `id="lab-form"`) || !strings.Contains(string(b), "'wasm-unsafe-eval'") {
		t.Error("the page does not hold the engine")
	}
	for _, f := range pagecheck.Page("page.html", b) {
		t.Error(f)
	}
}
