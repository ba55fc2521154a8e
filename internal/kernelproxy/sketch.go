package kernelproxy

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A sketch is the program that a cell which is being typed would become, for gopls to look at. Each line of the cell is one
// line of it.
type sketch struct {
	text  string
	first int // line of the text that the cell's first line is, from 0
	cell  []string
	opens int // line of the cell that stands behind opening; −1: none
}

var (
	declares = regexp.MustCompile(`(?m)^(?:var|const|type|func)[ \t]+([\pL_][\pL\d_]*)`)
	// begins is a line that may stand outside a function.
	begins    = regexp.MustCompile(`^(?:var|const|type|func|import)\b|^//|^/\*|^\s*$|^[)}]`)
	qualifier = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.`)
)

// standard holds what a cell uses without an import, which goimports then adds.
var standard = map[string]string{
	"bytes": "bytes", "cmp": "cmp", "context": "context", "csv": "encoding/csv", "errors": "errors", "filepath": "path/filepath",
	"flag": "flag", "fmt": "fmt", "http": "net/http", "io": "io", "json": "encoding/json", "maps": "maps", "math": "math", "os": "os",
	"rand": "math/rand/v2", "regexp": "regexp", "slices": "slices", "sort": "sort", "strconv": "strconv", "strings": "strings",
	"sync": "sync", "time": "time", "unicode": "unicode", "utf8": "unicode/utf8",
}

// draw makes the sketch of a cell.
func (m *memory) draw(cell string) sketch {
	lines := strings.Split(cell, "\n")
	opens := slices.IndexFunc(lines, isMain) // the line that func main begins with
	written := opens >= 0
	if !written {
		opens = loose(lines)
	}
	above := strings.Join(lines[:opens], "\n")
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, spec := range m.imports {
		if !strings.Contains(above, spec[strings.IndexByte(spec, '"'):]) {
			b.WriteString("\t" + spec + "\n")
		}
	}
	have := strings.Join(m.imports, "\n") + above
	used := map[string]bool{}
	for _, q := range qualifier.FindAllStringSubmatch(cell, -1) {
		if path := standard[q[1]]; path != "" && !used[path] && !strings.Contains(have, `"`+path+`"`) {
			used[path] = true
			b.WriteString("\t\"" + path + "\"\n")
		}
	}
	b.WriteString(")\n")
	s := sketch{first: strings.Count(b.String(), "\n"), cell: lines, opens: -1}
	for i, l := range lines {
		switch {
		case i == opens && written:
			l = "func main() {"
		case strings.HasPrefix(l, "%") || strings.HasPrefix(l, "!") || strings.HasPrefix(l, "//gonb:"):
			l = ""
		case i == opens:
			l, s.opens = opening+l, i
		}
		b.WriteString(l + "\n")
	}
	if opens < len(lines) {
		b.WriteString("}\n")
	}
	here := map[string]bool{}
	for _, d := range declares.FindAllStringSubmatch(above, -1) {
		here[d[1]] = true
	}
	for _, k := range m.known {
		if !slices.ContainsFunc(k.names, func(n string) bool { return here[n] }) {
			b.WriteString(k.text + "\n")
		}
	}
	s.text = b.String()
	return s
}

// opening is put before the first of the statements that stand above %%.
const opening = "func main() { "

// loose returns the first line with a statement that stands where only declarations may, the number of lines if there is
// none.
func loose(lines []string) int {
	depth := 0
	for i, l := range lines {
		special := strings.HasPrefix(l, "%") || strings.HasPrefix(l, "!")
		if depth <= 0 && !special && !begins.MatchString(l) {
			return i
		}
		if !special {
			depth += strings.Count(l, "(") + strings.Count(l, "{") + strings.Count(l, "[") - strings.Count(l, ")") - strings.Count(l, "}") - strings.Count(l, "]")
		}
	}
	return len(lines)
}

// A position is a place in the text as gopls counts: lines from 0, and UTF-16 units in the line.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// at returns the place of an offset in the cell, which Jupyter counts in characters.
func (s sketch) at(offset int) position {
	for i, l := range s.cell {
		n := utf8.RuneCountInString(l)
		if offset <= n || i == len(s.cell)-1 {
			before := string([]rune(l)[:min(offset, n)])
			return position{s.first + i, s.shift(i) + len(utf16.Encode([]rune(before)))}
		}
		offset -= n + 1
	}
	return position{s.first, 0}
}

// offset is the inverse of at.
func (s sketch) offset(p position) int {
	at := 0
	for i, l := range s.cell {
		if i == p.Line-s.first {
			units := utf16.Encode([]rune(l))
			n := max(0, min(p.Character-s.shift(i), len(units)))
			return at + len(utf16.Decode(units[:n]))
		}
		at += utf8.RuneCountInString(l) + 1
	}
	return at
}

// shift is how far a line stands to the right of where the cell has it.
func (s sketch) shift(line int) int {
	if line == s.opens {
		return len(opening)
	}
	return 0
}
