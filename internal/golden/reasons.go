package golden

import (
	"cmp"
	"slices"
	"strings"
)

// A reason says why a key or tensor is not compared.
type reason string

const (
	input       reason = "read: says what to run or how to judge"
	pointer     reason = "read: names a tensor, which stands for itself"
	description reason = "description"

	noPairs reason = "no behaviors.json beside the model names its prompts"
)

// Any item of a list and any name of a case, in the keys of the formats' tables.
const (
	anyItem = "[]"
	anyCase = "*"
)

// rank orders reasons: first what a reader looks for.
func (r reason) rank() int {
	switch r {
	case input, pointer:
		return 1
	case description:
		return 2
	}
	return 0
}

// leftOut lists what was not compared, in groups of one reason, and counts it. What has no reason is a miss.
func (r *report) leftOut(doc *document) {
	type group struct {
		pattern string
		why     reason
		at      map[string]bool
	}
	var groups []*group
	var unexplained []string
	for _, s := range doc.sources {
		if s.compared {
			continue
		}
		pattern, at, why := doc.why(s)
		if why == "" {
			unexplained = append(unexplained, kind(s)+" "+s.name())
			continue
		}
		i := slices.IndexFunc(groups, func(g *group) bool { return g.pattern == pattern && g.why == why })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{pattern, why, map[string]bool{}})
		}
		groups[i].at[at] = true
	}
	if len(groups)+len(unexplained) > 0 {
		r.printf("\nnot compared\n")
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.why.rank(), b.why.rank()) })
	for _, g := range groups {
		r.tally.left += len(g.at)
		r.printf("%4d ×  %-46s  %s\n", len(g.at), g.pattern, g.why)
	}
	for _, u := range unexplained {
		r.tally.left++
		r.tally.misses++
		r.printf("MISS    %-46s  no reason is known why it was not compared\n", u)
	}
}

func kind(s *source) string {
	if s.tensor {
		return "tensor"
	}
	return "key"
}

// why returns the entry of the format's table that covers a source, which place of the file it covers, and the reason. The
// longest entry wins.
func (doc *document) why(s *source) (pattern, at string, why reason) {
	path, general := s.path, generalKey(s.path)
	if s.tensor {
		path = strings.Split(s.path[0], "/")
		general = doc.generalTensor(path)
		if doc.inherit && s.because == "" {
			if k := doc.namedBy(s.path[0]); k != nil {
				if _, _, w := doc.why(k); strings.HasPrefix(string(w), "not yet") {
					return "tensor of " + join(generalKey(k.path)), s.name(), w
				}
			}
			return "", "", ""
		}
	}
	if s.because != "" {
		return join(general), s.name(), reason(s.because)
	}
	for n := len(path); n > 0; n-- {
		p := join(general[:n])
		if s.tensor {
			p = "tensor " + strings.Join(general[:n], "/")
		}
		if w, ok := doc.reasons[p]; ok {
			if s.tensor {
				return "tensor " + strings.Join(general, "/"), s.name(), w
			}
			return p, join(path[:n]), w
		}
	}
	return "", "", ""
}

// generalKey replaces what numbers or names one of many.
func generalKey(path []string) []string {
	out := slices.Clone(path)
	for i, p := range out {
		switch {
		case strings.HasPrefix(p, "["):
			out[i] = anyItem
		case i == 1 && path[0] == "cases":
			out[i] = anyCase
		}
	}
	return out
}

// generalTensor does the same for a tensor's name taken apart, <case>/<quantity>.
func (doc *document) generalTensor(path []string) []string {
	out := slices.Clone(path)
	if doc.root.get("cases").get(path[0]).exists() {
		out[0] = anyCase
	}
	return out
}

// namedBy returns the key whose value is the tensor's name.
func (doc *document) namedBy(tensor string) *source {
	for _, s := range doc.sources {
		if v, ok := s.value.(string); ok && v == tensor && slices.Contains(s.path, "arrays") {
			return s
		}
	}
	return nil
}
