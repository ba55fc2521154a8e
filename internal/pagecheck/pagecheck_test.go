package pagecheck

import (
	"fmt"
	"strings"
	"testing"
)

// page puts a body into a document that has nothing wrong with it.
func page(head, body string) []byte {
	return fmt.Appendf(nil, `<!doctype html><html lang="en"><head><title>A page</title>%s</head><body><h1>One</h1>%s</body></html>`, head, body)
}

const goodTable = `<table><caption>What there is</caption><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><th scope="row">b</th><td>1</td></tr></tbody></table>`

// TestRulesFind: each rule finds what is wrong in its bad input, and nothing in the good one beside it.
func TestRulesFind(t *testing.T) {
	for name, c := range map[string]struct{ rule, bad, good string }{
		"image without alt":         {"alt", `<img src="data:image/png;base64,AA">`, `<img src="data:image/png;base64,AA" alt="A bar of +1.2 logits.">`},
		"image with empty alt":      {"alt", `<img alt=" " src="x.png">`, `<img alt="x" src="x.png">`},
		"drawing without name":      {"alt", `<svg><path d="M0 0"/></svg>`, `<svg role="img" aria-label="A line"><path d="M0 0"/></svg><svg><title>A line</title></svg><svg aria-hidden="true"></svg>`},
		"canvas without name":       {"alt", `<canvas></canvas>`, `<canvas aria-label="A map"></canvas>`},
		"button without name":       {"alt", `<button></button>`, `<button>Run</button>`},
		"slider without label":      {"alt", `<input type="range">`, `<label>dose <input type="range"></label><label for="d">dose</label><input id="d" type="range">`},
		"no caption":                {"table", strings.Replace(goodTable, "<caption>What there is</caption>", "", 1), goodTable},
		"empty caption":             {"table", strings.Replace(goodTable, "What there is", " ", 1), goodTable},
		"column head without scope": {"table", strings.Replace(goodTable, ` scope="col"`, "", 1), goodTable},
		"row head without scope":    {"table", strings.Replace(goodTable, ` scope="row"`, "", 1), goodTable},
		"empty head":                {"table", strings.Replace(goodTable, ">a<", "><", 1), goodTable},
		"no heads":                  {"table", `<table><caption>x</caption><tr><td>1</td></tr></table>`, `<table role="presentation"><tr><td>1</td></tr></table>`},
		"gray on white":             {"contrast", `<p style="color:#999">pale</p>`, `<p style="color:#595959;background:#fff">pale</p>`},
		"orange of the palette":     {"contrast", `<span style="color:#D55E00">█</span>`, `<span style="color:color-mix(in srgb,#D55E00 75%,currentColor)">█</span>`},
		"white on a light patch":    {"contrast", `<b style="background:#eee;color:white">x</b>`, `<b style="background:#000;color:white">x</b>`},
		"faded":                     {"contrast", `<p style="opacity:.4">faded</p>`, `<p style="opacity:.75">faded</p>`},
		"faded twice":               {"contrast", `<div style="opacity:.7"><p style="opacity:.6">faded</p></div>`, `<div style="opacity:.9"><p style="opacity:.9">faded</p></div>`},
		"a color nobody knows":      {"contrast", `<p style="color:lab(50% 40 59)">x</p>`, `<p style="color:rgb(0 0 0);background:rgb(100% 100% 100%)">x</p>`},
		"fetched image":             {"request", `<img alt="x" src="https://example.org/x.png">`, `<img alt="x" src="x.png"><a href="https://example.org/">followed</a>`},
		"fetched without scheme":    {"request", `<img alt="x" src="//example.org/x.png">`, `<img alt="x" src="/x.png">`},
		"fetched in a set":          {"request", `<img alt="x" src="x.png" srcset="x2.png 2x, http://example.org/x.png 3x">`, `<img alt="x" src="x.png" srcset="x2.png 2x">`},
		"style sheet":               {"request", `<link rel="stylesheet" href="https://example.org/x.css">`, `<link rel="stylesheet" href="x.css">`},
		"script":                    {"request", `<script src="https://example.org/x.js"></script>`, `<script>document.title = "https://example.org"</script>`},
		"fetch":                     {"request", `<script>await fetch("https://example.org/x")</script>`, `<script>await fetch("x.wasm"); /* fetch("https://example.org") */</script>`},
		"import in a script":        {"request", `<script type="module">import x from "https://example.org/x.js"</script>`, `<script type="module">import x from "./x.js"</script>`},
		"dynamic import":            {"request", `<script>import('https://example.org/x.js')</script>`, `<script>import('./x.js')</script>`},
		"font":                      {"request", `<style>@font-face{src:url(https://example.org/x.woff)}</style>`, `<style>@font-face{src:url(data:font/woff,AA)}</style>`},
		"import in a sheet":         {"request", `<style>@import "https://example.org/x.css";</style>`, `<style>@import "x.css";</style>`},
		"background":                {"request", `<p style="background:url('http://example.org/x.png')">x</p>`, `<p style="background:url('x.png')">x</p>`},
		"form":                      {"request", `<form action="https://example.org/"></form>`, `<form action="#"></form>`},
		"refresh":                   {"request", `<meta http-equiv="refresh" content="0;url=x.html">`, `<meta name="description" content="what it is">`},
		"escape of a character":     {"raw", `<p>\u4e2d</p>`, `<p>中 \u200b \u000e <code>"\u4e2d"</code></p>`},
		"escape in alt":             {"raw", `<img src="x.png" alt="\u4e2d">`, `<img src="x.png" alt="中">`},
		"escape of a terminal":      {"raw", "<p>\x1b[31mred</p>", `<p>red</p>`},
		"spelled escape":            {"raw", `<p>\x1b[31mred</p>`, `<p>[31m</p>`},
		"verb of fmt":               {"raw", `<p>%!v(PANIC=x)</p>`, `<p>100 % (more), 5!</p>`},
		"missing argument":          {"raw", `<p>%!d(MISSING)</p>`, `<p>5 %</p>`},
		"unread character":          {"raw", "<p>\uFFFD</p>", `<p>巴</p>`},
		"pointer":                   {"raw", `<p>0xc000123456</p>`, `<p>c000123</p>`},
		"struct":                    {"raw", `<p>&amp;{1 2}</p>`, `<p>{1 2}</p>`},
		"nil":                       {"raw", `<p>&lt;nil&gt;</p>`, `<p>nil</p>`},
		"NaN":                       {"raw", `<p>r = NaN</p>`, `<p>r is unknown</p>`},
		"area without alt":          {"alt", `<map><area href="x"></map>`, `<map><area href="x" alt="x"></map>`},
		"drawing with empty title":  {"alt", `<svg><title> </title></svg>`, `<svg><title>x</title><svg><path/></svg></svg>`},
		"field with another's":      {"alt", `<label for="e">x</label><input id="d">`, `<input type="hidden"><select aria-label="x"></select><textarea title="x"></textarea>`},
		"hidden canvas":             {"alt", `<div><canvas></canvas></div>`, `<div aria-hidden="true"><canvas></canvas></div><div hidden><button></button></div>`},
		"head of an image":          {"table", strings.Replace(goodTable, ">a<", "><b></b><", 1), strings.Replace(goodTable, ">a<", `><img src="x" alt="x"><`, 1) + strings.Replace(goodTable, `scope="col">a<`, `scope="col" aria-label="x"><`, 1)},
		"table of another role":     {"table", `<table role="grid"><tr><td>1</td></tr></table>`, `<table role="none"><tr><td>1</td></tr></table>`},
		"poster":                    {"request", `<video aria-label="x" poster="http://example.org/x.png"></video>`, `<video aria-label="x" poster="x.png"></video>`},
		"object":                    {"request", `<object aria-label="x" data="ftp://example.org/x"></object>`, `<object aria-label="x" data="x"></object>`},
		"old background":            {"request", `<div background="//example.org/x"></div>`, `<div background="x"></div>`},
		"button that sends":         {"request", `<button formaction="https://example.org/">x</button>`, `<button formaction="x">x</button>`},
		"ping":                      {"request", `<a href="x" ping="https://example.org/">x</a>`, `<a href="x" ping="x">x</a>`},
		"set beforehand":            {"request", `<link rel="preload" imagesrcset="https://example.org/x">`, `<link rel="preload" imagesrcset="x">`},
		"code base":                 {"request", `<object aria-label="x" codebase="https://example.org/"></object>`, `<object aria-label="x" codebase="x"></object>`},
		"class of an object":        {"request", `<object aria-label="x" classid="https://example.org/"></object>`, `<object aria-label="x" classid="x"></object>`},
		"manifest":                  {"request", `<applet manifest="https://example.org/"></applet>`, `<applet manifest="x"></applet>`},
		"address in a drawing":      {"request", `<svg aria-label="x"><image xlink:href="https://example.org/x.png"/></svg>`, `<svg aria-label="x"><image xlink:href="x.png"/><a xlink:href="https://example.org/">followed</a></svg>`},
		"part of the web in data":   {"request", `<img alt="x" src="x, //example.org/x">`, `<img alt="x" src="data:text/plain,//example.org/x"><blockquote cite="https://example.org/">x</blockquote>`},
		"an area that leads on":     {"alt", `<area href="https://example.org/">`, `<area alt="x" href="https://example.org/">`},
		"own style of an element":   {"request", `<p style="background:url(//example.org/x)">x</p>`, `<p style="background:url(x)" title="url(//example.org/x)">x</p>`},
		"meta that is no refresh":   {"request", `<meta http-equiv="Refresh" content="0; URL = x">`, `<meta http-equiv="refresh" content="5"><meta name="x" content="url=x">`},
		"title":                     {"raw", `<p title="%!v(x)">x</p>`, `<p data-x="%!v(x)">x</p>`},
		"label":                     {"raw", `<p aria-label="NaN">x</p>`, `<script>NaN</script><style>/* NaN */</style><template>NaN</template>`},
		"placeholder":               {"raw", `<input aria-label="x" placeholder="NaN">`, `<input aria-label="x" placeholder="a number">`},
		"content of a meta":         {"raw", `<meta name="x" content="NaN">`, `<!-- NaN -->`},
		"summary":                   {"raw", strings.Replace(goodTable, "<table", `<table summary="NaN"`, 1), goodTable},
		"home":                      {"path", `<p>wrote /home/ada/x.png</p>`, `<p>wrote x.png, ~/x.png, NAME/home/x</p>`},
		"path in code":              {"path", `<pre>open /tmp/x: no</pre>`, `<pre>open x: no</pre>`},
		"path in alt":               {"path", `<img src="x" alt="from /root/x">`, `<img src="x" alt="from x">`},
		"Windows":                   {"path", `<p>C:\Users\ada\x</p>`, `<p>C:\ is a drive</p>`},
	} {
		if found := Output("f", "o", c.bad); !finds(found, c.rule) {
			t.Errorf("%s: an output with %s: found %v, want one of %q", name, c.bad, found, c.rule)
		}
		if found := Output("f", "o", c.good); len(found) > 0 {
			t.Errorf("%s: the good output %s: %v", name, c.good, found)
		}
		if found := Page("f", page("", c.bad)); !finds(found, c.rule) {
			t.Errorf("%s: a page with %s: found %v, want one of %q", name, c.bad, found, c.rule)
		}
		if found := Page("f", page("", c.good)); len(found) > 0 {
			t.Errorf("%s: the good page %s: %v", name, c.good, found)
		}
	}
}

func finds(all []Finding, rule string) bool {
	for _, f := range all {
		if f.Rule == rule && f.File == "f" && f.What != "" && strings.Contains(f.String(), rule) {
			return true
		}
	}
	return false
}

// TestWholePages: what only a document has.
func TestWholePages(t *testing.T) {
	for name, c := range map[string]struct{ rule, page string }{
		"no language":          {"page", `<!doctype html><title>x</title><h1>x</h1>`},
		"no title":             {"page", `<!doctype html><html lang="en"><h1>x</h1>`},
		"no first heading":     {"heading", `<!doctype html><html lang="en"><title>x</title><p>x`},
		"two first headings":   {"heading", `<!doctype html><html lang="en"><title>x</title><h1>x</h1><h1>y</h1>`},
		"a level is skipped":   {"heading", `<!doctype html><html lang="en"><title>x</title><h1>x</h1><h3>y</h3>`},
		"an empty heading":     {"heading", `<!doctype html><html lang="en"><title>x</title><h1>x</h1><h2> </h2>`},
		"a class is pale":      {"contrast", string(page(`<style>.pale { color: #aaa }</style>`, `<p class="pale">x</p>`))},
		"a variable is pale":   {"contrast", string(page(`<style>:root { --muted: #aaa } p { color: var(--muted) }</style>`, `<p>x</p>`))},
		"pale in the dark":     {"contrast", string(page(`<style>@media (prefers-color-scheme: dark) { body { background: #111 } }</style>`, `<p>x</p>`))},
		"pale by a parent":     {"contrast", string(page(`<style>section > p { color: #aaa }</style>`, `<section><p>x</p></section>`))},
		"pale with an id":      {"contrast", string(page(`<style>#a { color: #aaa } p { color: #000 }</style>`, `<p id="a">x</p>`))},
		"heading in an output": {"heading", ""},
	} {
		found := Page("f", []byte(c.page))
		if c.page == "" {
			found = Output("f", "o", "<h2>x</h2>")
		}
		if !finds(found, c.rule) {
			t.Errorf("%s: found %v, want one of %q", name, found, c.rule)
		}
	}
	good := page(`<style>:root { --ink: #222; --paper: #fff } @media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #111 } }
		body { color: var(--ink); background: var(--paper) } a { color: var(--link, currentColor) } p:hover { color: #aaa } @media print { p { color: #aaa } }
		.hidden { display: none } .hidden p { color: #aaa }</style>`,
		`<h2>Two</h2><p>x <a href="https://example.org">link</a></p><div class="hidden"><p style="color:#aaa">x</p></div>`)
	if found := Page("f", good); len(found) > 0 {
		t.Error(found)
	}
}

// TestNotebookOutputs: every output of a notebook is looked at, in every form.
func TestNotebookOutputs(t *testing.T) {
	cell := func(output string) []byte {
		return fmt.Appendf(nil, `{"cells":[{"cell_type":"markdown","source":["# One\n","## Two\n","`+"```\\n### no heading\\n```"+`"]},{"cell_type":"code","source":"x","outputs":[%s]}]}`, output)
	}
	for name, c := range map[string]struct{ rule, bad, good string }{
		"a picture alone": {"alt", `{"output_type":"display_data","data":{"image/png":"AA","text/plain":"A bar."}}`, `{"output_type":"display_data","data":{"image/png":"AA","text/html":["<img src=\"data:image/png;base64,AA\" ","alt=\"A bar.\">"],"text/plain":"A bar."}}`},
		"HTML in lines":   {"table", `{"output_type":"display_data","data":{"text/html":["<table>","<tr><td>1</td></tr></table>"]}}`, `{"output_type":"display_data","data":{"text/html":["<p>","x</p>"]}}`},
		"text":            {"raw", `{"output_type":"display_data","data":{"text/plain":"%!v(x)"}}`, `{"output_type":"display_data","data":{"text/plain":"x"}}`},
		"stream":          {"path", `{"output_type":"stream","name":"stderr","text":["/tmp/x/y.go:3: no"]}`, `{"output_type":"stream","name":"stdout","text":["x"]}`},
		"error":           {"path", `{"output_type":"error","evalue":"open /root/x"}`, `{"output_type":"error","evalue":"open x"}`},
	} {
		found, err := notebookOf("f", cell(c.bad))
		if err != nil || !finds(found, c.rule) || !strings.HasPrefix(found[0].Output, "cell 2, output 1 (") {
			t.Errorf("%s: %v %v, want one of %q", name, found, err, c.rule)
		}
		if found, err := notebookOf("f", cell(c.good)); err != nil || len(found) > 0 {
			t.Errorf("%s: the good one: %v %v", name, found, err)
		}
	}
	if found, err := notebookOf("f", []byte(`{"cells":[{"cell_type":"markdown","source":"# One\n### Three"}]}`)); err != nil || !finds(found, "heading") {
		t.Error(found, err)
	}
	if found, err := notebookOf("f", []byte(`{"cells":[{"cell_type":"markdown","source":"![](x.png) and ![ok](y.png)"}]}`)); err != nil || !finds(found, "alt") || len(found) != 1 {
		t.Error(found, err)
	}
	if _, err := notebookOf("f", []byte("no JSON")); err == nil {
		t.Error("no notebook is one")
	}
}

// TestFindings: a finding says the file, the output, the rule and what is wrong, cut to what can be read; an output is said by its place.
func TestFindings(t *testing.T) {
	long := strings.Repeat("ü", 61)
	found := Output("a.ipynb", "cell 1", "<table><tr><td>"+long+"</td></tr></table>")
	if len(found) != 2 || found[0].String() != `a.ipynb: cell 1: table: no caption: "`+strings.Repeat("ü", 60)+`…"` {
		t.Error(found)
	}
	if found := Page("a.html", page("", `<table><caption>x</caption><tr><td>`+long[:118]+`</td></tr></table>`)); len(found) != 1 || found[0].String() != `a.html: table: no heads: "x`+long[:118]+`"` {
		t.Error(found)
	}
	found, err := notebookOf("n", []byte(`{"cells":[{"cell_type":"code","source":"# One\n### no heading\n![](x)","outputs":[{"output_type":"display_data","data":{"image/png":"AA","text/plain":7}}]},
		{"cell_type":"markdown","source":"x ![ ](y.png) ![](z.png)"},{"cell_type":"markdown","source":"# One\n### Three"}]}`))
	want := []string{"n: cell 2: alt", "n: cell 2: alt", "n: heading", "n: cell 1, output 1 (image/png): alt"}
	if err != nil || len(found) != len(want) {
		t.Fatal(found, err)
	}
	for i, w := range want {
		if !strings.HasPrefix(found[i].String(), w) {
			t.Errorf("%v, want %s", found[i], w)
		}
	}
	if found, err := notebookOf("n", []byte(`{"cells":[{"cell_type":"markdown","source":"## Two"}]}`)); err != nil || len(found) != 2 { // of level 2 first, and none of level 1
		t.Error(found, err)
	}
	if _, err := Notebook("none.ipynb"); err == nil {
		t.Error("a file that is not there is one without findings")
	}
}

// TestContrast is held against the ratios of WCAG's own examples: black and white 21, #777 on white 4.48.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b color
		want float64
	}{{black, white, 21}, {rgb(0x777777), white, 4.48}, {rgb(0x767676), white, 4.54}} {
		if got := ratio(c.a, c.b); got < c.want-.005 || got > c.want+.005 {
			t.Errorf("%.3f, want %.2f", got, c.want)
		}
	}
}
