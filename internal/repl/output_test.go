package repl

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestWrap: lines break between words, words that come in pieces stay whole, and nothing breaks where there is no width.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		width    int
		in, want string
	}{
		{0, "the capital of France is Paris", "the capital of France is Paris"},
		{20, "the capital of |Fran|ce is Paris\n", "the capital of\nFrance is Paris\n"},
		{20, "  indented as it was and goes on", "  indented as it was\nand goes on"},
		{20, "a word-that-is-longer-than-a-line b", "a\nword-that-is-longer-than-a-line\nb"},
		{20, "巴黎 是 法国 的 首都 巴黎 巴黎", "巴黎 是 法国 的 首都\n巴黎 巴黎"},
		{20, "one\ntwo\n\nthree", "one\ntwo\n\nthree"},
		{20, "|\xe5\xb7|\xb4|", "巴"},
		{20, "a \x1b[2J\u202e b", `a \u001b[2J\u202e b`},
	} {
		var b strings.Builder
		o := newOutput(&b, func() int { return c.width })
		for piece := range strings.SplitSeq(c.in, "|") {
			if _, err := io.WriteString(o, piece); err != nil {
				t.Fatal(err)
			}
		}
		o.flush()
		if b.String() != c.want {
			t.Errorf("%d columns: %q gives %q, want %q", c.width, c.in, b.String(), c.want)
		}
	}
}

// TestTop: no more than 100 predictions, and a word about it.
func TestTop(t *testing.T) {
	out := talk(t, t.TempDir(), paris+"top 99999999\n")
	wants(t, out, "The 100 likeliest tokens are shown, not 99999999.", "Top-100 predictions")
	if n := strings.Count(out, "\n  0."); n > 100 {
		t.Errorf("%d predictions", n)
	}
}

// TestNamed: what is changed is named, before what comes of it.
func TestNamed(t *testing.T) {
	out := talk(t, t.TempDir(), paris+"discover\nablate\nablate top1\nablate top10\namplify L1/N2 3\nsweep 0\n")
	wants(t, out, "Under top 200 neurons ×0\nAblated: all 24 neurons of the circuit: L1/N2, L1/N6, L1/N5, L0/N1, L2/N0, …\nAblated output", "Under top1 ×0\nAblated: L1/N2 (1 of the circuit's 24 neurons)\n",
		"Under top10 ×0\nAblated: 10 of the circuit's 24 neurons: L1/N2, ", "Under L1/N2 ×3\nAmplified: L1/N2 (1 of the circuit's 24 neurons)\nAmplified output (x3)", "Scaled: all 24 neurons")
}

// TestSessionSpells: nothing that the session shows is obeyed by a terminal: prompts, names, errors, tokens.
func TestSessionSpells(t *testing.T) {
	const evil = "\x1b[31m\u202e\u009b"
	out := talk(t, t.TempDir(), "prompt The"+evil+"\nprompt\n"+evil+"\nsave "+evil+"\nload "+evil+"\ndiscover "+evil+"\nablate "+evil+"\ninfo\nhelp "+evil+"\n")
	if i := strings.IndexAny(out, "\x1b\u202e\u009b"); i >= 0 {
		t.Errorf("%q", out[max(0, i-40):i+20])
	}
	wants(t, out, `Current prompt: The\u001b[31m\u202e\u009b`, `Unknown command: \u001b[31m`)
}

// TestSessionHints: hints are words that can be typed here.
func TestSessionHints(t *testing.T) {
	m := steertest.NewModel()
	out := talkTo(t, m, t.TempDir(), paris+"discover \" Sacramento\"\ndiscover \"\"\nload none\nsave ../x\n")
	for _, goes := range []string{"TargetText", "SkipFirst", "m.Feature", "Target("} {
		if strings.Contains(out, goes) {
			t.Errorf("the session says %s:\n%s", goes, out)
		}
	}
}

// TestByteOrderMark: a script may begin with one.
func TestByteOrderMark(t *testing.T) {
	out := talk(t, t.TempDir(), "\ufeffhelp\n")
	if strings.Contains(out, "Unknown command") {
		t.Error(out)
	}
}

// failing is an output whose reader has gone.
type failing struct{ after int }

var errGone = errors.New("gone")

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, errGone
	}
	return len(p), nil
}

// TestOutputGone: a session that nobody reads any more ends with what happened, before the next line.
func TestOutputGone(t *testing.T) {
	for _, after := range []int{0, 1, 8} {
		s := New(Options{Model: steertest.NewModel(), Circuits: t.TempDir(), Lines: Plain(strings.NewReader(strings.Repeat("help\n", 100))), Out: &failing{after}})
		if err := s.Run(t.Context()); !errors.Is(err, errGone) {
			t.Errorf("after %d writes: %v", after, err)
		}
	}
}

// TestKeys: Ctrl-C gives a line that says so; what is pasted is one line, and no control character in it does anything.
func TestKeys(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ab\x03c", "ab" + clearLine + "c"},
		{"x\x1b[200~a\r\nb\nc\rd\te\x03f\x00\x1b[201~\r", "x\x1b[200~a␊b␊c␊d ef\x1b[201~\r"},
		{"\x1b[200~a\x1b[201~\x03", "\x1b[200~a\x1b[201~" + clearLine},
		{"\x1bquit\r", "quit\r"},  // Escape alone
		{"\x1b[quit\r", "quit\r"}, // a sequence that does not end
		{"\x1b[A\x1b[1;3C\x1bOB\x1b[3~", "\x1b[A\x1b[1;3C\x1b[B\x1b[3~"}, // keys of the editor, and an arrow as some terminals send it
		{"\x1b[200~a\x1b[31mb\x1b[201~c", "\x1b[200~amb\x1b[201~c"},
	} {
		for _, size := range []int{1, 3, 256} {
			k, got := &keys{r: strings.NewReader(c.in)}, []byte(nil)
			for p := make([]byte, size); ; {
				n, err := k.Read(p)
				got = append(got, p[:n]...)
				if err != nil {
					break
				}
			}
			if !bytes.Equal(got, []byte(c.want)) {
				t.Errorf("%q in pieces of %d gives %q, want %q", c.in, size, got, c.want)
			}
		}
	}
}

// TestFound: a criterion that is not tested says why, where something was tried, and what to type.
func TestFound(t *testing.T) {
	for found0, want := range map[string]string{
		"try Patch(examples).Units(circuit)":    "type patch 20",
		"1 prompts are too few to say anything": "1 prompts are too few to say anything; type patch 20",
	} {
		if got := found(steer.Criterion{Name: "ground truth", State: steer.NotTested, Found: found0}); got != want {
			t.Errorf("%q is shown as %q, want %q", found0, got, want)
		}
	}
}
