package repl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// unreached are the kinds of requests that no command makes, each with the reason.
var unreached = map[string]string{
	"generate-each":    "a session has one prompt, and ablate, amplify and sweep continue it",
	"mean-activations": "means are arrays for a program; faithful takes its own",
}

// files writes examples and pairs that the fake model knows.
func files(t *testing.T) (examples, pairs string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("examples.jsonl", `{"prompt": "The capital of France is", "target": " Paris", "versus": " Rome"}
{"prompt": "capital of France is", "target": " Paris", "versus": " Rome"}
{"prompt": "The capital of Italy is", "target": " Rome", "versus": " Paris"}
{"prompt": "capital of Italy is", "target": " Rome", "versus": " Paris"}
`), write("pairs.jsonl", `{"positive": "I loved the film", "negative": "I hated the film"}
{"positive": "loved the film", "negative": "hated the film"}
`)
}

// TestEveryTaskHasAWord: every kind of request is made by a command, or it is said why by none; and every command runs.
func TestEveryTaskHasAWord(t *testing.T) {
	examples, pairs := files(t)
	asked, ran := map[string]string{}, map[string]bool{}
	m, line := steertest.NewModel(), ""
	watched := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		asked[r.Kind] = line
		return m.Runner().Run(ctx, r, emit)
	}))
	script := []string{
		"chat off", "prompt The capital of France is", "tokens", "lens", "discover \" Paris\" \" Rome\"", "top", "multiplier 2", "heads", "discover",
		"ablate", "amplify", "sweep", "instruct The film.", "calibrate 0.0003", "patch", "edges", "groups", "writes", "contexts", "faithful", "verdict",
		"examples " + examples, "baseline", "methods 2", "stability 4", "behavior", "universal", "save all", "load all",
		"pairs " + pairs, "contrast", "vector", "decompose", "when 0", "when 0 1", "layers 1 2", "add", "project", "info", "help", "quit", "exit",
	}
	var out strings.Builder
	s := New(Options{Model: watched, Circuits: t.TempDir(), Lines: spoken(func() (string, error) {
		line, script = script[0], script[1:]
		ran[strings.Fields(line)[0]] = true
		fmt.Fprintf(&out, "\n> %s\n", line)
		return line, nil
	}), Out: &out})
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "Error") || strings.Contains(out.String(), "Usage") || strings.Contains(out.String(), "first:") {
		t.Errorf("a command fails:\n%s", out.String())
	}
	for _, k := range execute.Kinds() {
		if why := unreached[k]; asked[k] == "" && why == "" {
			t.Errorf("no command makes a request of the kind %q: give it a word, or say why it has none", k)
		} else if asked[k] != "" && why != "" {
			t.Errorf("%q makes a request of the kind %q, and a reason says that none does", asked[k], k)
		}
	}
	for _, c := range commands() {
		if !ran[c.name] && c.name != "exit" {
			t.Errorf("the command %s has not run", c.name)
		}
	}
}

// spoken makes Lines of a function.
type spoken func() (string, error)

func (f spoken) ReadLine() (string, error) { return f() }
