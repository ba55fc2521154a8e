package pattern

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func matches(t testing.TB, p *Pattern, s string) []string {
	t.Helper()
	m := p.Find(s)
	defer m.Release()
	out := []string{}
	for from, to, ok := m.Next(); ok; from, to, ok = m.Next() {
		if to > from {
			out = append(out, s[from:to])
		}
	}
	return out
}

// TestAsOniguruma compares the matches of many expressions with those of Oniguruma, through the Python binding of tokenizers:
// Split(Regex(expr), "removed", invert=True), which keeps the matches that are not empty.
func TestAsOniguruma(t *testing.T) {
	data, err := os.ReadFile("testdata/oniguruma.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Texts []string
		Cases []struct {
			Expr    string
			Matches [][]string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) < 40 {
		t.Fatal(err, len(file.Cases))
	}
	for _, c := range file.Cases {
		p, err := Compile(c.Expr)
		if err != nil {
			t.Errorf("%s: %v", c.Expr, err)
			continue
		}
		for i, s := range file.Texts {
			if got := matches(t, p, s); !slices.Equal(got, c.Matches[i]) {
				t.Errorf("%s in %q: %q, want %q", c.Expr, s, got, c.Matches[i])
			}
			// the same when failures are remembered from the beginning
			m := p.Find(s)
			m.limit = -1
			got := []string{}
			for from, to, ok := m.Next(); ok; from, to, ok = m.Next() {
				if to > from {
					got = append(got, s[from:to])
				}
			}
			m.Release()
			if !slices.Equal(got, c.Matches[i]) {
				t.Errorf("%s in %q, remembering: %q, want %q", c.Expr, s, got, c.Matches[i])
			}
		}
	}
}

// TestNewer: characters that came after the Unicode version of Go's tables have the properties that Oniguruma gives them.
func TestNewer(t *testing.T) {
	for expr, s := range map[string]string{`\p{Lu}`: "\u1C89\uA7CB", `\p{Ll}`: "\u1C8A", `\p{L}`: "\U00013460\U0002EBF0\U000105C0", `\p{N}`: "\U0001CCF0\U000116D0", `\p{M}`: "\u0897\U0001611E",
		`\p{P}`: "\u1B4E", `\p{S}`: "\U0001FAE9\u2427", `\p{Alpha}`: "\u0363", `\p{Han}`: "\U0002EE5D", `\w`: "²½"} {
		p, err := Compile(expr)
		if err != nil {
			t.Fatal(err)
		}
		if got := matches(t, p, s); len(got) != len([]rune(s)) {
			t.Errorf("%s finds %q in %q", expr, got, s)
		}
	}
	if is, err := Property("N"); err != nil || !is('Ⅷ') || is('a') {
		t.Errorf("Property: %v", err)
	}
}

// TestRefuses: what is not supported is named.
func TestRefuses(t *testing.T) {
	for expr, want := range map[string]string{
		`(a)\1`: `\1 is not supported`, `(?<n>a)`: "not supported", `a**`: "quantifier of a quantifier", `(a*)*`: "may be empty",
		`[a&&b]`: "intersection", `[a[b]]`: "class within a class", `(?x)a`: "(?x", `\p{Nope}`: `"Nope"`, `\X`: `\X`, `(?<=ab)c`: "lookbehind",
		`(a`: "no )", `a)`: "no (", `[a`: "no ]", `*a`: "nothing to repeat", `a{2000}`: "1000", `\`: "last", `[z-a]`: "range", "\xff": "UTF-8",
		strings.Repeat("(", 200): "nested", `(?:(?:a{1000}){1000}){10}`: "parts", `a{3,2}`: "not supported", `(?i)straße`: "two characters", `\p{Cn}`: "Cn",
	} {
		if _, err := Compile(expr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", expr, err, want)
		}
	}
}

// TestHostile: expressions and texts that take backtracking exponential or quadratic time are matched in time of the order
// of the text.
func TestHostile(t *testing.T) {
	n := 300_000
	for _, c := range []struct{ expr, text string }{
		{`(?:a|aa)+b`, strings.Repeat("a", n)}, {`(?:a+)+b`, strings.Repeat("a", n)}, {`a*b|a`, strings.Repeat("a", n)}, {`(?:a|b)*?c|a`, strings.Repeat("ab", n/2)},
		{`\s*[\r\n]+|\s+(?!\S)|\s`, strings.Repeat(" ", n)}, {`\s+$|x`, strings.Repeat(" ", n) + "y"}, {`a(?=a*b)|a`, strings.Repeat("a", n)},
		{`(?>a*)b|a`, strings.Repeat("a", 3000)}, {`[^\r\n]*\n|.`, strings.Repeat("é", n)},
	} {
		p, err := Compile(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		matches(t, p, c.text)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", c.expr, took)
		}
	}
}
