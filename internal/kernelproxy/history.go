package kernelproxy

import (
	"regexp"
	"strings"
)

// A history is what hints know of earlier cells: the names that they have declared below %%, which are gone.
type history map[string]bool

var (
	shortDeclaration = regexp.MustCompile(`(?m)^[ \t]*(?:for |if |switch )?([\pL_][\pL\d_]*(?:[ \t]*,[ \t]*[\pL_][\pL\d_]*)*)[ \t]*:=`)
	localVariable    = regexp.MustCompile(`(?m)^[ \t]*(?:var|const)[ \t]+([\pL_][\pL\d_]*)`)
)

// add keeps the names of a cell.
func (h history) add(code string) {
	_, below, ok := split(code)
	if !ok {
		return
	}
	for _, m := range shortDeclaration.FindAllStringSubmatch(below, -1) {
		for name := range strings.SplitSeq(m[1], ",") {
			h[strings.TrimSpace(name)] = true
		}
	}
	for _, m := range localVariable.FindAllStringSubmatch(below, -1) {
		h[m[1]] = true
	}
}

// split cuts a cell at its line %%, which both halves are without. ok is false where there is none.
func split(code string) (above, below string, ok bool) {
	lines := strings.Split(code, "\n")
	for i, l := range lines {
		if isMain(l) {
			return strings.Join(lines[:i], "\n"), strings.Join(lines[i+1:], "\n"), true
		}
	}
	return code, "", false
}

// isMain says whether a line is one below which statements stand.
func isMain(line string) bool {
	word, _, _ := strings.Cut(strings.TrimPrefix(line, "//gonb:"), " ")
	return word == "%%" || word == "%main"
}
