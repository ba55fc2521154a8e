package pagecheck

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A theme is what a page stands on, and what it may ask for.
type theme struct {
	name       string
	paper, ink color
	dark       bool
	vars       map[string]string // of the host
	rules      []rule
}

// hostThemes are those of JupyterLab 4: layout-color0 with content-font-color1 (theme-light-extension, theme-dark-extension).
var hostThemes = []theme{
	{name: "light", paper: white, ink: color{0, 0, 0, .87}, vars: map[string]string{"--jp-content-font-color1": "rgba(0,0,0,.87)", "--jp-layout-color0": "#fff"}},
	{name: "dark", paper: rgb(0x111111), ink: color{1, 1, 1, .87}, dark: true, vars: map[string]string{"--jp-content-font-color1": "rgba(255,255,255,.87)", "--jp-layout-color0": "#111"}},
}

// documentThemes are a document's own, as a browser shows it that prefers light or dark.
func documentThemes(doc *html.Node) []theme {
	var css strings.Builder
	elements(doc, func(n *html.Node) { css.WriteString(textOf(n)) }, "style")
	return []theme{
		{name: "light", paper: white, ink: black, rules: parseRules(css.String(), false)},
		{name: "dark", paper: white, ink: black, dark: true, rules: parseRules(css.String(), true)},
	}
}

// A rule is one selector with its declarations, in a sheet's order.
type rule struct {
	compounds   []compound // the last is what is selected, those before are around it
	child       []bool     // whether a compound must be the parent of the next
	specificity int
	set         map[string]string
}

// A compound is a selector without white space.
type compound struct {
	tag, id string
	classes []string
	attrs   [][2]string // name and value; "" any
	root    bool
}

var (
	block    = regexp.MustCompile(`(?s)^([^{}]*)\{`)
	part     = regexp.MustCompile(`^(\*|[a-zA-Z][\w-]*)|^\.([\w-]+)|^#([\w-]+)|^\[([\w-]+)(?:=["']?([^"'\]]*)["']?)?\]|^:(root|link|visited|not\([^)]*\)|first-child|last-child|nth-child\([^)]*\))`)
	wantsTon = regexp.MustCompile(`prefers-color-scheme:\s*(light|dark)`)
)

// parseRules reads the rules of a style sheet that hold for a theme. Those of states and pseudo-elements are left out, and so is what
// is for print.
func parseRules(css string, dark bool) (out []rule) {
	css = comments.ReplaceAllString(css, " ")
	for {
		m := block.FindStringSubmatchIndex(css)
		if m == nil {
			return out
		}
		head := strings.TrimSpace(css[m[2]:m[3]])
		if i := strings.LastIndex(head, ";"); i >= 0 { // @import and the like
			head = strings.TrimSpace(head[i+1:])
		}
		body, rest := inBraces(css[m[1]:])
		css = rest
		if strings.HasPrefix(head, "@media") || strings.HasPrefix(head, "@supports") || strings.HasPrefix(head, "@layer") {
			if w := wantsTon.FindStringSubmatch(head); (w == nil || (w[1] == "dark") == dark) && !strings.Contains(head, "print") {
				out = append(out, parseRules(body, dark)...)
			}
			continue
		}
		if strings.HasPrefix(head, "@") {
			continue
		}
		set := declarations(body)
		for _, sel := range commas(head) {
			if r, ok := selector(sel); ok {
				r.set = set
				out = append(out, r)
			}
		}
	}
}

// inBraces returns what is before the brace that closes, and what comes after.
func inBraces(s string) (body, rest string) {
	depth := 1
	for i, r := range s {
		switch r {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

// declarations reads "a:b;c:d". A name that comes twice has its last value; !important is not looked at.
func declarations(s string) map[string]string {
	out := map[string]string{}
	for _, d := range splitOutside(s, ';') {
		if name, value, ok := strings.Cut(d, ":"); ok {
			name = strings.TrimSpace(name)
			if !strings.HasPrefix(name, "--") {
				name = strings.ToLower(name)
			}
			out[name] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		}
	}
	return out
}

func splitOutside(s string, at rune) (out []string) {
	depth, from := 0, 0
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == at && depth == 0:
			out, from = append(out, s[from:i]), i+1
		}
	}
	return append(out, s[from:])
}

func selector(s string) (r rule, ok bool) {
	child := false
	for word := range strings.FieldsSeq(strings.ReplaceAll(s, ">", " > ")) {
		if word == ">" {
			child = true
			continue
		}
		if word == "+" || word == "~" {
			return r, false
		}
		var c compound
		for word != "" {
			m := part.FindStringSubmatch(word)
			if m == nil {
				return r, false // a state or a pseudo-element
			}
			word = word[len(m[0]):]
			switch {
			case m[1] != "":
				if c.tag = m[1]; c.tag != "*" {
					r.specificity++
				}
			case m[2] != "":
				c.classes = append(c.classes, m[2])
				r.specificity += 100
			case m[3] != "":
				c.id = m[3]
				r.specificity += 10000
			case m[4] != "":
				c.attrs = append(c.attrs, [2]string{m[4], m[5]})
				r.specificity += 100
			default:
				c.root = c.root || m[6] == "root"
				r.specificity += 100
			}
		}
		r.compounds, r.child = append(r.compounds, c), append(r.child, child)
		child = false
	}
	return r, len(r.compounds) > 0
}

func (c compound) matches(n *html.Node) bool {
	if n == nil || n.Type != html.ElementNode {
		return false
	}
	if c.root && n.Data != "html" || c.tag != "" && c.tag != "*" && c.tag != n.Data || c.id != "" && attr(n, "id") != c.id {
		return false
	}
	has := strings.Fields(attr(n, "class"))
	for _, k := range c.classes {
		if !slices.Contains(has, k) {
			return false
		}
	}
	for _, a := range c.attrs {
		if v, ok := lookup(n, a[0]); !ok || a[1] != "" && a[1] != v {
			return false
		}
	}
	return true
}

func (r rule) matches(n *html.Node) bool {
	last := len(r.compounds) - 1
	if !r.compounds[last].matches(n) {
		return false
	}
	for i := last - 1; i >= 0; i-- {
		p := n.Parent
		for !r.child[i+1] && p != nil && !r.compounds[i].matches(p) {
			p = p.Parent
		}
		if !r.compounds[i].matches(p) {
			return false
		}
		n = p
	}
	return true
}

// styleOf returns the declarations that hold for an element, its own last.
func (t theme) styleOf(n *html.Node) map[string]string {
	out := map[string]string{}
	var hold []rule
	for _, r := range t.rules {
		if r.matches(n) {
			hold = append(hold, r)
		}
	}
	slices.SortStableFunc(hold, func(a, b rule) int { return a.specificity - b.specificity })
	for _, r := range hold {
		maps.Copy(out, r.set)
	}
	maps.Copy(out, declarations(attr(n, "style")))
	return out
}
