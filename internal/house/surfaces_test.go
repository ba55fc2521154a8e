package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"testing"
)

// A surface is a place where people read and type. Its words stand in the strings of its own packages alone: who reads a
// message elsewhere could not type them. internal/wording puts the words of one in place of another's.
type surface struct {
	name  string
	words *regexp.Regexp
	in    []string // packages, as in rules
}

var surfaces = []surface{
	{"a cell of a notebook", regexp.MustCompile(`\bnb\.[A-Z]\w*\(`), []string{"gonbext", "internal/resident", "internal/hints", "internal/kernelproxy", "notebooks"}},
	{"a Go program", regexp.MustCompile(`\b(?:m|steer|local)\.[A-Z]\w*\(`), []string{"steer", "gonbext", "notebooks", "internal/message", "internal/execute", "internal/wording", "internal/hints"}},
	{"a session in the terminal", regexp.MustCompile(`\b(?:type|try) (?:discover|amplify|ablate|prompt|chat o)`), []string{"internal/repl", "internal/wording"}},
	{"a study's file", regexp.MustCompile(`\b(?:skip_first|keep_bos|top_k|whole_answers|runner_up|controls): ?(?:true|false|[\d$])`), []string{"internal/study", "internal/wording", "cmd"}},
	{"the command line", regexp.MustCompile(`\bneuronsteer (?:run|repl|demo)\b|\bwith -out\b|\s--?model\b`), []string{"cmd", "internal/study", "internal/golden", "internal/wording"}},
}

// TestSurfaces: no package names a message of another's surface. What is done to the machine (neuronsteer pull, check,
// version) can be typed everywhere and is no surface's own.
func TestSurfaces(t *testing.T) {
	found := map[string]int{}
	for _, s := range sources(t) {
		if s.tests || ignored(s) || fitsAny(s.dir, []string{"bench", "docs", "internal/house"}) {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(l.Value)
			if err != nil {
				return true
			}
			for _, f := range surfaces {
				if !f.words.MatchString(text) {
					continue
				}
				found[f.name]++
				if !fitsAny(s.dir, f.in) {
					t.Errorf("%v: %q can be typed in %s only; say it in words that %s has, or let internal/wording do so",
						s.fset.Position(l.Pos()), text, f.name, s.dir)
				}
			}
			return true
		})
	}
	for _, f := range surfaces {
		if found[f.name] == 0 {
			t.Errorf("no package says what is typed in %s: the test looks for the wrong words", f.name)
		}
	}
}
