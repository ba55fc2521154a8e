package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// grid writes a table.
func (p *page) grid(g grid) {
	if len(g.rows) == 0 {
		return
	}
	p.f("<figure><table class=\"facts\"><caption>%s</caption><thead><tr>", escape(g.caption))
	for _, h := range g.heads {
		p.f("<th scope=\"col\">%s</th>", escape(h))
	}
	p.f("</tr></thead><tbody>\n")
	for _, row := range g.rows {
		p.f("<tr>")
		for i, c := range row {
			look := ""
			if len(c) > 40 && !strings.Contains(c, " ") {
				look = " class=\"hash\""
			}
			if i == 0 && g.refs {
				p.f("<th scope=\"row\" id=\"ref-%s\"%s>%s</th>", escape(c), look, escape(c))
			} else {
				p.f("<td%s>%s</td>", look, escape(c))
			}
		}
		p.f("</tr>\n")
	}
	p.f("</tbody></table></figure>\n")
}

// promptTable shows the prompts with their tokens.
func (p *page) promptTable() {
	prompts := p.r.prompts(p.opts.Find)
	if len(prompts) == 0 {
		return
	}
	p.heading(2, "Prompts and tokens")
	const most = 50
	p.f("<figure><table class=\"facts\"><caption>%s, and in how many results each is; tokens where their result was at hand</caption>", several(len(prompts), "prompt"))
	p.f("<thead><tr><th scope=\"col\">Prompt</th><th scope=\"col\">Model</th><th scope=\"col\">Results</th></tr></thead><tbody>\n")
	for i, x := range prompts {
		if i == most {
			break
		}
		p.f("<tr><td>")
		for _, t := range x.tokens {
			p.f("<span class=\"token\">%s</span>", escape(visible.Token(t)))
		}
		if x.tokens == nil {
			p.f("%s", escape(visible.Text(x.text)))
		}
		p.f("</td><td>%s</td><td>%d</td></tr>\n", escape(x.model), x.uses)
	}
	p.f("</tbody></table>")
	if more := len(prompts) - most; more > 0 {
		p.f("<figcaption>… %d more</figcaption>", more)
	}
	p.f("</figure>\n")
}

// circuitTables lists the units of each circuit that was shown.
func (p *page) circuitTables() {
	circuits := p.r.circuits()
	if len(circuits) == 0 {
		return
	}
	p.heading(2, "Circuits")
	for _, c := range circuits {
		p.f("<details><summary>%s: %s</summary><p><code>%s</code></p></details>\n", escape(circuitName(c.Name)), several(len(c.Units), "unit"), escape(strings.Join(c.Units, " ")))
	}
}

func circuitName(name string) string {
	if name == "" {
		return "A circuit without a name"
	}
	return name
}

// settings lists the requests as they are sent.
func (p *page) settings() {
	p.heading(3, "Settings")
	for _, s := range p.r.Sources {
		if !s.Whole() {
			continue
		}
		var b bytes.Buffer
		if json.Indent(&b, []byte(s.Settings), "", " ") != nil {
			continue
		}
		text := b.String()
		if len(text) > 20_000 {
			text = s.Settings
		}
		p.f("<details><summary>%s</summary><pre>%s</pre></details>\n", escape(fmt.Sprintf("%s, version %d", s, s.Version)), escape(text))
	}
}
