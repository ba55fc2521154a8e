package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestSay(t *testing.T) {
	for _, c := range []struct {
		on         Surface
		text, want string
	}{
		{Session, "12 of the 20 largest entries sit on the first token \"The\": scores there do not foretell what ablating does; SkipFirst() leaves them out",
			"12 of the 20 largest entries sit on the first token \"The\": scores there do not foretell what ablating does"},
		{Study, "scores there do not foretell what ablating does; SkipFirst() leaves them out",
			"scores there do not foretell what ablating does; skip_first: true leaves them out"},
		{Session, `attribute: target " Sacramento" is 3 tokens (" S|acr|amento"); use a one-token word, e.g. " S", or score the whole answer with TargetText(" Sacramento")`,
			`attribute: target " Sacramento" is 3 tokens (" S|acr|amento"); use a one-token word, e.g. " S"`},
		{Study, `target " Sacramento" is 3 tokens; use a one-token word, e.g. " S", or score the whole answer with TargetText(" Sacramento")`,
			`target " Sacramento" is 3 tokens; use a one-token word, e.g. " S", or score whole answers with whole_answers: true`},
		{Study, "no random controls: nothing shows that other neurons would not do the same; add Controls(20)", "no random controls: nothing shows that other neurons would not do the same; add controls: 20"},
		{Command, `the id 9 is outside the vocabulary; m.Tokens(text) shows the ids of a text`, "the id 9 is outside the vocabulary"},
		{Session, `target "m.Tokens(x); TopK(3)" is 9 tokens; use another`, `target "m.Tokens(x); TopK(3)" is 9 tokens; use another`}, // somebody's text
		{Session, `target "m.Tokens(x); y" is 9 tokens; m.Tokens(text) shows the ids`, `target "m.Tokens(x); y" is 9 tokens`},
		{Session, "generate: TopK(-1) draws from no token; draw with TopK(40), or TopK(0) for all tokens", "generate: -top-k -1 draws from no token; use -top-k 40, or 0 for all tokens"},
		{Study, "TopP(2) is not above 0 and at most 1; draw with TopP(0.9), or TopP(1) for all tokens", "top_p: 2 is not above 0 and at most 1; top_p: 0.9, or 1 for all tokens"},
		{Session, "Seed(1) is about what is drawn, and without a temperature the likeliest token is taken; add Temperature(1)", "-seed 1 is about what is drawn, and without a temperature the likeliest token is taken; use -temperature 1"},
		{Study, "RepetitionPenalty(0) is not above 0; use RepetitionPenalty(1.1), or RepetitionPenalty(1) for none", "repetition_penalty: 0 is not above 0; repetition_penalty: 1.1, or 1 for none"},
		{Session, `an empty text would stop at once; use Stop("\n\n")`, `an empty text would stop at once; use -stop "\n\n"`},
		{Session, "SmolLM2-135M is not LlamaForCausalLM (PyTorch)", "SmolLM2-135M is not LlamaForCausalLM (PyTorch)"},
		{Session, "the prompt has 9 tokens; shorten the prompt by 3 tokens or lower MaxTokens", "the prompt has 9 tokens; shorten the prompt by 3 tokens"},
	} {
		if got := c.on.Say(c.text); got != c.want {
			t.Errorf("%d: %q\nsays %q\nwant %q", c.on, c.text, got, c.want)
		}
	}
	if got := Session.Mistake(engine.Errorf(steer.BadSetting, "attribute", "no target").Try(`add Target(" word")`)); got != `attribute: no target; type discover " word"` {
		t.Error(got)
	}
	if got := Study.Warning(steer.Warning{Code: "sink", Text: "a sink; SkipFirst() leaves it out"}); got != "a sink; skip_first: true leaves it out" {
		t.Error(got)
	}
}

// TestEveryHint: no hint and no warning of the packages below speaks Go on another surface.
func TestEveryHint(t *testing.T) {
	n := 0
	for _, dir := range []string{"../../steer", "../../steer/engine", "../../steer/local", "../execute", "../message", "../engine", "../text", "../checkpoint", "../modelref", "../hub", "../hub/pull", "../store", "../study", "../repl"} {
		for _, text := range literals(t, dir) {
			if !strings.Contains(text, " ") && !speaksGo(text) {
				continue
			}
			n++
			for _, on := range []Surface{Session, Study, Command} {
				if got := on.Say("it is NaN; " + text); speaksGo(got) {
					t.Errorf("%s: %q is said as %q", dir, text, got)
				}
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d texts were found", n)
	}
}

// literals returns the text of every string in the package's files that is given to Errorf, Try or a Warning: all strings,
// to be sure.
func literals(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, b, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil {
					out = append(out, s)
				}
			}
			return true
		})
	}
	return out
}
