package verify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/report"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

const (
	card    = `<div><b>Next token</b><table><thead><tr><th>token</th><th>p</th><th></th></tr></thead><tbody><tr><td>·Paris</td><td>36.2 %</td><td><span aria-hidden="true">███</span></td></tr></tbody></table></div>`
	asText  = "Next token\n  token  p\n  ·Paris  36.2 %"
	picture = "\x89PNG of layers"
	alt     = "Layer 0 carries 48 % of the support."
)

// model is the runner of the suite's model, which knows its digests.
type model struct{ steer.Runner }

func (m model) Identity() (steer.Identity, error) {
	rec, err := m.Run(context.Background(), must(steer.New("fake", m.Runner).Info().Request()), nil)
	return rec.Header.Identity, err
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// sources computes two results of the suite's model.
func sources(t *testing.T) []journal.Source {
	t.Helper()
	m := steertest.NewModel()
	var out []journal.Source
	for _, r := range []steer.Request{must(m.Predict("The capital of France is").Request()), must(m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Request())} {
		rec, err := m.Runner().Run(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, journal.NewSource(rec))
	}
	return out
}

// notebook writes an executed notebook that shows a card and a figure.
func notebook(t *testing.T) string {
	t.Helper()
	s := sources(t)
	output := func(data map[string]string, typ string, sources ...journal.Source) map[string]any {
		forms := map[string][]byte{}
		for kind, v := range data {
			forms[kind] = []byte(v)
			if kind == "image/png" {
				data[kind] = base64.StdEncoding.EncodeToString([]byte(v)) + "\n"
			}
		}
		o := journal.Origin{Version: journal.Version, Type: typ, Shown: journal.Digests(forms), Sources: sources}
		return map[string]any{"output_type": "display_data", "data": data, "metadata": map[string]any{journal.Key: must(o.Metadata())}}
	}
	b, err := json.Marshal(map[string]any{"nbformat": 4, "cells": []any{map[string]any{"cell_type": "code", "source": "%%", "outputs": []any{
		output(map[string]string{"text/html": card, "text/plain": asText}, "Prediction", s[0]),
		output(map[string]string{"image/png": picture, "text/plain": alt}, "Figure", s[0].Brief(), s[1]),
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "n.ipynb")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// page writes the report of a notebook.
func page(t *testing.T, notebook string) string {
	t.Helper()
	r, err := report.ReadNotebook(notebook)
	if err != nil {
		t.Fatal(err)
	}
	to := strings.TrimSuffix(notebook, ".ipynb") + ".html"
	if err := r.Save(to, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return to
}

// changed writes a copy of a file with one text for another.
func changed(t *testing.T, path, from, to string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), from) {
		t.Fatalf("%s has no %q", path, from)
	}
	out := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(out, []byte(strings.Replace(string(b), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// check opens a file and checks it both ways.
func check(t *testing.T, path string) (says []string, agree int) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range f.Altered() {
		says = append(says, a.String())
	}
	checks, err := f.Recompute(t.Context(), Options{Open: func(string) (Runner, error) { return model{steertest.NewModel().Runner()}, nil }, Tolerance: journal.Usual}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		says = append(says, c.Differ...)
		if len(c.Differ) == 0 && c.Skipped == "" {
			agree++
		}
	}
	return says, agree
}

// TestWhatIsAsItWasAgrees: a notebook and its report agree, with nothing left out.
func TestWhatIsAsItWasAgrees(t *testing.T) {
	n := notebook(t)
	for _, path := range []string{n, page(t, n)} {
		if says, agree := check(t, path); len(says) > 0 || agree != 2 {
			t.Errorf("%s: %d agree, %q", filepath.Ext(path), agree, says)
		}
	}
}

// TestOneChangedNumberIsFound: wherever it stands, one number that was changed by hand is found and, where another form of the
// output still says it, named.
func TestOneChangedNumberIsFound(t *testing.T) {
	n := notebook(t)
	p := page(t, n)
	other := base64.StdEncoding.EncodeToString([]byte(picture[:len(picture)-1] + "x"))
	same := base64.StdEncoding.EncodeToString([]byte(picture))
	for name, c := range map[string]struct{ path, from, to, says string }{
		"HTML":                {n, `36.2 %\u003c/td`, `63.2 %\u003c/td`, "cell 1, output 1 (Prediction): the text/html is not what was shown: it says 63.2 where text/plain says 36.2"},
		"text":                {n, `·Paris  36.2`, `·Paris  36.4`, "cell 1, output 1 (Prediction): the text/plain is not what was shown: it says 36.4 where text/html says 36.2"},
		"picture":             {n, same, other, "cell 1, output 2 (Figure): the image/png is not what was shown"},
		"words of a picture":  {n, "carries 48", "carries 84", "cell 1, output 2 (Figure): the text/plain is not what was shown"},
		"settings":            {n, `capital of France`, `capital of Italy`, "were changed"},
		"summary":             {n, `"summary":{`, `"summary":{"of.logit":"n=1 values=3",`, "of.logit is gone"},
		"in a page":           {p, "<td>36.2 %", "<td>36.3 %", "output 1 (Prediction): the text/html is not what was shown: it says 36.3 where the record of the page says 36.2"},
		"picture in a page":   {p, same, other, "output 2 (Figure): the image/png is not what was shown"},
		"words in a page":     {p, `alt="Layer 0 carries 48`, `alt="Layer 0 carries 84`, "output 2 (Figure): the text/plain is not what was shown: it says 84 where the record of the page says 48"},
		"around the outputs":  {p, "2 outputs from 2 results", "2 outputs from 3 results", "around the outputs): something is not as it was written"},
		"text in the island":  {p, `\n  ·Paris  36.2`, `\n  ·Paris  36.4`, "something is not as it was written"},
		"settings in a page":  {p, `\"text\":\"The capital of France`, `\"text\":\"The capital of Italy`, "were changed"},
		"an output taken out": {p, "<!--shown out-1 text/html-->", "", "the text/html is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			says, _ := check(t, changed(t, c.path, c.from, c.to))
			if got := strings.Join(says, "\n"); !strings.Contains(got, c.says) {
				t.Errorf("says %q, want %q", got, c.says)
			}
		})
	}
}

// TestAnotherModelIsSaid: results of other weights are not compared but told.
func TestAnotherModelIsSaid(t *testing.T) {
	f, err := Open(notebook(t))
	if err != nil {
		t.Fatal(err)
	}
	f.Sources[0].Identity.Tokenizer = "another"
	r := steer.Request{Kind: f.Sources[0].Kind, Version: f.Sources[0].Version, Settings: json.RawMessage(f.Sources[0].Settings)}
	f.Sources[0].Ref = r.Ref(f.Sources[0].Identity).String()
	checks, err := f.Recompute(t.Context(), Options{Open: func(string) (Runner, error) { return model{steertest.NewModel().Runner()}, nil }, Tolerance: journal.Usual, Sample: 1}, nil)
	if err != nil || len(checks) != 1 || len(checks[0].Differ) != 1 || !strings.Contains(checks[0].Differ[0], "is another one here") {
		t.Errorf("%+v, %v", checks, err)
	}
}

// TestFilesThatCannotBeVerified say what to do.
func TestFilesThatCannotBeVerified(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, says string }{
		"x.md":       {"# x", "neither a report"},
		"x.html":     {"<p>x</p>", "this is no report"},
		"torn.html":  {`<script type="application/json" id="neuronsteer">{"version":`, "this is no report"},
		"odd.html":   {`<script type="application/json" id="neuronsteer">{"version":[]}</script>`, "cannot be read"},
		"old.ipynb":  {`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"display_data","data":{"text/plain":"1"}}]}]}`, "no output that says where it came from"},
		"new.ipynb":  {`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"display_data","metadata":{"neuronsteer":{"version":99}}}]}]}`, "of version 99"},
		"png.ipynb":  {`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"display_data","data":{"image/png":"%%"},"metadata":{"neuronsteer":{"version":1}}}]}]}`, "no base64"},
		"other.html": {`<script type="application/json" id="neuronsteer">{"version":99}</script>`, "version 99"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// TestCompareRuns: another run may differ in the last digit, and in nothing else.
func TestCompareRuns(t *testing.T) {
	for name, c := range map[string]struct{ was, is, says string }{
		"same":            {asText, asText, ""},
		"last digit":      {"p 36.2 %", "p 36.3 %", ""},
		"bar":             {"+1.00 ███▏", "+1.00 ███▎", ""},
		"a number":        {"p 36.2 %", "p 36.9 %", "says 36.9 now, 36.2 before"},
		"a count":         {"20 neurons", "21 neurons", "says 21 now, 20 before"},
		"a word":          {"· wonderful 3", "· terrible 3", `"· terrible #" now, "· wonderful #" before`},
		"one number less": {"1 2 3", "1 2", "now"},
		"a sign":          {"−0.002", "+0.002", "says +0.002 now, −0.002 before"},
		"small":           {"1.2e-05", "1.3e-05", ""},
		"thousands":       {"1,000.5", "2,000.5", "says 2,000.5 now"},
	} {
		got, _ := compareText(c.was, c.is, 1e-3)
		if (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s: says %q, want %q", name, got, c.says)
		}
	}
}
