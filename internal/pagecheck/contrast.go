package pagecheck

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// leastContrast is that of text, and of what carries meaning by its color.
const leastContrast = 4.5

// looks are what an element passes to what is in it.
type looks struct {
	ink, paper color // paper is opaque
	opacity    float64
	vars       map[string]string
	shown      bool
}

// contrast looks at every text of a document, or of an output on a host's page.
func (r *report) contrast(doc *html.Node, t theme) {
	seen := map[string]bool{}
	var down func(n *html.Node, l looks)
	down = func(n *html.Node, l looks) {
		if n.Type == html.ElementNode {
			if n.Data == "script" || n.Data == "style" || n.Data == "title" || n.Data == "template" || n.Data == "head" || n.Data == "svg" {
				return
			}
			if l = r.enter(n, l, t); !l.shown {
				return
			}
		}
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			ink := l.ink
			ink.a *= l.opacity
			if x := ratio(ink.over(l.paper), l.paper); x < leastContrast {
				key := strconv.FormatFloat(x, 'f', 2, 64)
				if !seen[key] { // one finding for each pair of colors
					seen[key] = true
					r.addf("contrast", "%.2f in the %s theme, want %.1f: %q", x, t.name, leastContrast, short(n.Data))
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			down(c, l)
		}
	}
	down(doc, looks{ink: t.ink, paper: t.paper, opacity: 1, vars: t.vars, shown: true})
}

// enter returns the looks within an element.
func (r *report) enter(n *html.Node, l looks, t theme) looks {
	set := t.styleOf(n)
	own := map[string]string{}
	for k, v := range set {
		if strings.HasPrefix(k, "--") {
			own[k] = v
		}
	}
	if len(own) > 0 {
		merged := maps.Clone(l.vars)
		if merged == nil {
			merged = map[string]string{}
		}
		maps.Copy(merged, own)
		l.vars = merged
	}
	if s, ok := set["color"]; ok {
		if c, ok := parseColor(resolve(s, l.vars), l.ink); ok {
			l.ink = c
		} else if s != "initial" && s != "unset" {
			r.addf("contrast", "the color %q of <%s> is not one that can be checked", s, n.Data)
		}
	}
	back := set["background-color"]
	if back == "" {
		back = set["background"]
	}
	if back != "" && !strings.Contains(back, "gradient") && !strings.Contains(back, "url(") {
		if c, ok := parseColor(resolve(back, l.vars), l.ink); ok {
			l.paper = c.over(l.paper)
		} else {
			r.addf("contrast", "the background %q of <%s> is not one that can be checked", back, n.Data)
		}
	}
	if x, err := strconv.ParseFloat(set["opacity"], 64); err == nil {
		l.opacity *= x
	}
	_, off := lookup(n, "hidden")
	l.shown = !off && set["display"] != "none" && set["visibility"] != "hidden"
	return l
}

// resolve puts the values of variables in place of var(--name, otherwise). One that stands in its own value has none. within are the
// variables whose value this is.
func resolve(s string, vars map[string]string, within ...string) string {
	for range 20 {
		i := strings.Index(s, "var(")
		if i < 0 {
			return s
		}
		end, open := len(s), 0
		for j := i + 3; j < len(s); j++ {
			if s[j] == '(' {
				open++
			} else if s[j] == ')' {
				if open--; open == 0 {
					end = j
					break
				}
			}
		}
		name, otherwise, _ := strings.Cut(s[i+4:min(end, len(s))], ",")
		name = strings.TrimSpace(name)
		value, ok := vars[name]
		if !ok || slices.Contains(within, name) {
			name, value = "", strings.TrimSpace(otherwise)
		}
		s = s[:i] + resolve(value, vars, append(slices.Clip(within), name)...) + s[min(end+1, len(s)):]
	}
	return s
}
