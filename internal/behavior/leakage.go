package behavior

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A Report says what the test half of a set shares with the half that something is found on, and what else makes a set
// easier or harder than it looks.
type Report struct {
	Train, Test    int      // lines
	Rows           int      // test lines whose prompt and target occur in the training half
	Prompts        int      // test lines whose prompt does
	Repeated       int      // lines that occur before in their own half
	Contradictions int      // prompts that are given two targets
	Named          int      // lines whose prompt names the target
	Answers        []string // targets of both halves, most frequent in the test first
	Words          []string // other words of both halves, likewise, the frame left out
	Balance        float64  // share of the test's most frequent target
}

// Leakage compares the halves of a set. Frame lists words that they share on purpose; they are not reported as shared.
func Leakage(examples []steer.Example, frame ...string) Report {
	set := steer.NewExamples(examples...)
	found, tested := set.Train().All(), set.Test().All()
	r := Report{Train: len(found), Test: len(tested)}
	type row struct{ prompt, target string }
	of := func(e steer.Example) row { return row{e.System + "\x00" + e.Prompt + "\x00" + e.Prefill, e.Target} }
	rows, prompts, targets := map[row]bool{}, map[string]bool{}, map[string]map[string]bool{}
	for _, half := range [][]steer.Example{found, tested} {
		own := map[row]bool{}
		for _, e := range half {
			k := of(e)
			if own[k] {
				r.Repeated++
			}
			own[k] = true
			if targets[k.prompt] == nil {
				targets[k.prompt] = map[string]bool{}
			}
			targets[k.prompt][k.target] = true
			if target := words(e.Target); len(target) > 0 && slices.Contains(words(e.Prompt), target[0]) {
				r.Named++
			}
		}
	}
	for _, ts := range targets {
		if len(ts) > 1 {
			r.Contradictions++
		}
	}
	for _, e := range found {
		rows[of(e)], prompts[of(e).prompt] = true, true
	}
	for _, e := range tested {
		if rows[of(e)] {
			r.Rows++
		}
		if prompts[of(e).prompt] {
			r.Prompts++
		}
	}
	own := map[string]bool{}
	for _, w := range frame {
		own[strings.ToLower(w)] = true
	}
	answers := func(e steer.Example) []string { return words(e.Target) }
	r.Answers = shared(found, tested, answers, own)
	for _, a := range r.Answers {
		own[a] = true
	}
	r.Words = shared(found, tested, func(e steer.Example) []string {
		return words(strings.Join([]string{e.System, e.Prompt, e.Prefill, e.Target, e.Versus}, " "))
	}, own)
	for _, n := range count(tested, answers) {
		r.Balance = max(r.Balance, float64(n)/float64(len(tested)))
	}
	return r
}

// PairLeakage compares the halves of a set of pairs, as Leakage does of examples.
func PairLeakage(pairs []steer.Pair, frame ...string) Report {
	examples := make([]steer.Example, len(pairs))
	for i, p := range pairs {
		examples[i] = steer.Example{Prompt: p.Positive + "\n" + p.Negative, System: p.System, Prefill: p.Prefill, Split: p.Split}
	}
	return Leakage(examples, frame...)
}

// words returns the words of a text in lower case.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// count returns in how many examples each word occurs.
func count(es []steer.Example, of func(steer.Example) []string) map[string]int {
	n := map[string]int{}
	for _, e := range es {
		seen := map[string]bool{}
		for _, w := range of(e) {
			if !seen[w] {
				seen[w] = true
				n[w]++
			}
		}
	}
	return n
}

// shared lists the words of both halves but those of own, the most frequent in the test first.
func shared(found, tested []steer.Example, of func(steer.Example) []string, own map[string]bool) []string {
	a, b := count(found, of), count(tested, of)
	var out []string
	for _, w := range slices.Sorted(maps.Keys(b)) {
		if a[w] > 0 && !own[w] {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(x, y string) int { return cmp.Compare(b[y], b[x]) })
	return out
}

// Clean reports that the halves share no line, no answer and no word but the frame, and that nothing contradicts itself.
func (r Report) Clean() bool {
	return r.Rows+r.Prompts+r.Repeated+r.Contradictions+r.Named+len(r.Answers)+len(r.Words) == 0
}

// String returns the report on a few lines.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d lines to find something on, %d to test it on\n", r.Train, r.Test)
	for _, x := range []struct {
		n    int
		text string
	}{
		{r.Rows, "test lines occur in the training half"}, {r.Prompts, "test prompts occur in the training half"},
		{r.Repeated, "lines occur twice in their half"}, {r.Contradictions, "prompts have two targets"},
		{r.Named, "prompts name their target"},
	} {
		fmt.Fprintf(&b, "%4d %s\n", x.n, x.text)
	}
	fmt.Fprintf(&b, "%4d answers are shared%s\n", len(r.Answers), some(r.Answers))
	fmt.Fprintf(&b, "%4d other words are shared%s\n", len(r.Words), some(r.Words))
	fmt.Fprintf(&b, "%3.0f%% of the test have the most frequent answer", 100*r.Balance)
	return b.String()
}

// some names the first of a list.
func some(list []string) string {
	const most = 12
	switch {
	case len(list) == 0:
		return ""
	case len(list) > most:
		return ": " + strings.Join(list[:most], ", ") + ", …"
	}
	return ": " + strings.Join(list, ", ")
}
