package report

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// A page is an HTML document on its way.
type page struct {
	strings.Builder
	r       *Report
	opts    Options
	ladder  ladder
	outputs []IslandOutput
	figures int
	begin   lab // of a page that holds the engine
	err     error
}

// HTML returns the report as one document that asks for nothing else.
func (r *Report) HTML(opts Options) (string, error) {
	p := &page{r: r, opts: opts}
	if begin, ok := r.trial(); ok {
		p.begin = begin
	} else {
		opts.Live, p.opts.Live = nil, nil // nothing is on the model that the engine holds
	}
	p.ladder.last = 1
	body := p.body()
	if p.err != nil {
		return "", p.err
	}
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	b.WriteString("<meta http-equiv=\"Content-Security-Policy\" content=\"" + opts.Live.policy() + "\">\n")
	b.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"neuronsteer\">\n")
	b.WriteString("<title>" + escape(r.Title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n")
	b.WriteString(body)
	island, err := r.island(b.String(), p.outputs)
	if err != nil {
		return "", err
	}
	b.WriteString("<script type=\"application/json\" id=\"" + IslandID + "\">" + island + "</script>\n")
	if opts.Live != nil {
		scripts, err := opts.Live.scripts(p.begin)
		if err != nil {
			return "", err
		}
		b.WriteString(scripts)
	}
	b.WriteString("</body>\n</html>\n")
	return b.String(), nil
}

// escape makes any text the text of an element, in which nothing is hidden or turned around.
func escape(s string) string { return html.EscapeString(visible.Stream(s)) }

func (p *page) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// heading begins a part of the page.
func (p *page) heading(level int, text string) {
	l := p.ladder.step(level)
	p.f("<h%d>%s</h%d>\n", l, escape(text), l)
}

func (p *page) body() string {
	r := p.r
	p.f("<header>\n<h1>%s</h1>\n<p class=\"quiet\">Report of %s: %s from %s. One file, which asks for nothing else.</p>\n</header>\n<main>\n",
		escape(r.Title), escape(r.Of), several(r.outputs(), "output"), several(len(r.Sources), "result"))
	if verdicts := r.verdicts(); len(verdicts) > 0 {
		p.heading(2, "Verdict")
		for _, v := range verdicts {
			p.output(v)
		}
	}
	if p.opts.Live != nil {
		p.live(p.begin)
	}
	p.heading(2, "Findings")
	for _, b := range r.Blocks {
		p.block(b)
	}
	p.promptTable()
	p.circuitTables()
	p.heading(2, "Methods")
	p.f("<p>%s</p>\n", escape(r.methods()))
	p.heading(2, "Provenance")
	results, models := r.provenance()
	p.grid(models)
	p.grid(results)
	p.settings()
	p.heading(2, "How to check it")
	p.f("<p><code>neuronsteer verify</code> with the name of this file computes the results again and compares them, and finds what was changed by hand.</p>\n")
	p.heading(2, "How to cite it")
	p.f("<pre>%s</pre>\n", escape(r.bibtex()))
	p.f("</main>\n")
	return p.String()
}

func (p *page) block(b Block) {
	switch {
	case b.Heading != "":
		p.heading(b.Level, b.Heading)
	case b.Prose != "":
		s, err := p.ladder.prose(b.Prose)
		if err != nil {
			p.err = err
		}
		p.f("%s", s)
	case b.Code != "":
		p.f("<details><summary>Code</summary><pre>%s</pre></details>\n", escape(b.Code))
	case b.Output != nil:
		if t := b.Output.Origin.Type; t != "CircuitVerdict" && t != "VerdictTask" { // those stand first
			p.output(b.Output)
		}
	}
}

// output shows one output and records what it shows.
func (p *page) output(o *Output) {
	id := fmt.Sprintf("out-%d", len(p.outputs)+1)
	kind, shown := "text/plain", []byte(visible.Stream(o.Text))
	forms := map[string][]byte{}
	p.f("<figure id=\"%s\">", id)
	switch {
	case o.SVG != nil, o.PNG != nil:
		if kind, shown = "image/png", o.PNG; o.SVG != nil {
			kind, shown = "image/svg+xml", o.SVG
		}
		forms["text/plain"] = []byte(visible.Stream(o.Text))
		width := ""
		if o.Width > 0 {
			width = fmt.Sprintf(" width=\"%d\"", o.Width)
		}
		begin, end := marks(id, kind)
		p.f("%s<img alt=\"%s\"%s src=\"data:%s;base64,%s\">%s", begin, escape(o.Text), width, kind, base64.StdEncoding.EncodeToString(shown), end)
	case o.HTML != "":
		s, err := cleaner{}.clean(o.HTML)
		if err != nil {
			p.err = err
		}
		kind, shown = "text/html", []byte(s)
		begin, end := marks(id, kind)
		p.f("%s%s%s", begin, s, end)
	default:
		begin, end := marks(id, kind)
		p.f("<pre>%s%s%s</pre>", begin, escape(o.Text), end)
	}
	p.caption(o)
	p.f("</figure>\n")
	forms[kind] = shown
	p.outputs = append(p.outputs, recorded(id, o, forms))
}

// caption says under an output what it is and which results it comes from.
func (p *page) caption(o *Output) {
	var parts []string
	if o.PNG != nil || o.SVG != nil {
		p.figures++
		what := o.Caption
		if what == "" {
			what, _, _ = strings.Cut(o.Text, ". ")
		}
		parts = append(parts, fmt.Sprintf("Figure %d. %s.", p.figures, escape(strings.TrimSuffix(what, "."))))
	} else if o.Caption != "" {
		parts = append(parts, escape(o.Caption)+".")
	}
	if len(o.Changed) > 0 {
		parts = append(parts, "<span class=\"bad\">Changed since it was made: "+escape(strings.Join(o.Changed, ", "))+".</span>")
	}
	var refs []string
	for _, s := range o.Origin.Sources {
		refs = append(refs, fmt.Sprintf("<a href=\"#ref-%s\">%s</a>", escape(s.Ref), escape(s.String())))
	}
	if len(refs) > 0 {
		parts = append(parts, "From "+strings.Join(refs, ", ")+".")
	}
	if len(parts) > 0 {
		p.f("<figcaption>%s</figcaption>", strings.Join(parts, " "))
	}
}

func several(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
