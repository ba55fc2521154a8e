package repl

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

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
	asked, ran := map[string][]string{}, map[string]bool{}
	m, line := steertest.NewModel(), ""
	watched := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if line != "" && r.Kind != "model" { // what the model is, is asked with everything, also before the first line
			asked[r.Kind] = append(asked[r.Kind], strings.Fields(line)[0])
		}
		return m.Runner().Run(ctx, r, emit)
	}))
	script := []string{
		"chat off", "prompt The capital of France is", "tokens", "lens", "discover \" Paris\" \" Rome\"", "top", "multiplier 2", "heads", "discover",
		"ablate", "amplify", "sweep", "controls 2", "instruct The film.", "calibrate 0.0003", "patch", "edges", "groups", "writes", "contexts", "faithful", "verdict",
		"examples " + examples, "baseline", "methods 2", "stability 4", "behavior", "universal", "save all", "load all",
		"pairs " + pairs, "contrast", "vector", "decompose", "when 0", "when 0 1", "layers 1 2", "add", "project", "info", "help", "quit", "exit",
	}
	var out strings.Builder
	s := New(Options{Model: watched, Circuits: t.TempDir(), Lines: typed(func() (string, error) {
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
		words, why := Words(k)
		if asked[k] == nil && why == "" {
			t.Errorf("no command makes a request of the kind %q: give it a word, or say why it has none", k)
		} else if asked[k] != nil && why != "" {
			t.Errorf("%q makes a request of the kind %q, and a reason says that none does", asked[k], k)
		}
		if len(words) != len(spoken[k]) || (len(words) > 0) == (why != "") {
			t.Errorf("the kind %q has the words %v and the reason %q", k, words, why)
		}
		for _, name := range spoken[k] {
			if !slices.Contains(asked[k], name) {
				t.Errorf("%s is a word of the kind %q, but only %q ask for it", name, k, asked[k])
			}
		}
	}
	for _, c := range commands() {
		if !ran[c.name] && c.name != "exit" {
			t.Errorf("the command %s has not run", c.name)
		}
	}
}

// typed makes Lines of a function.
type typed func() (string, error)

func (f typed) ReadLine() (string, error) { return f() }

// TestMistakesOfEveryWord: what a command cannot read, or lacks, is said with what to type, and changes nothing.
func TestMistakesOfEveryWord(t *testing.T) {
	examples, pairs := files(t)
	for _, c := range []struct{ script, want string }{
		{"tokens", "There is no text. Usage: tokens [text]"},
		{"lens", "Set a prompt first: prompt <text>"},
		{"lens x", `"x" is no position. Usage: lens [position]`},
		{paris + "lens 99", "The prompt has the positions 0 to 5, not 99. Usage: lens [position]"},
		{"behavior", "Take some first: examples <file.jsonl>"},
		{"behavior 0", `"0" is no number of neurons. Usage: behavior [k]`},
		{"stability", "Take some first: examples <file.jsonl>"},
		{"stability -1", `"-1" is no number of neurons. Usage: stability [k]`},
		{"methods", "Set a prompt first: prompt <text>"},
		{paris + "methods", "Discover a circuit first: discover"},
		{"methods many", `"many" is no number of neurons. Usage: methods [k]`},
		{"baseline now", `"now" means nothing here. Usage: baseline`},
		{"controls -1", `"-1" is no number of random circuits. Usage: controls [n]`},
		{"examples", "There are no examples. Usage: examples [file.jsonl | off]"},
		{"examples nowhere.jsonl", "cannot be read"},
		{"examples " + pairs, `no column is the prompt; there are "positive", "negative"`},
		{"examples " + examples + "\nverdict", "Find a circuit first: behavior, on the examples; or discover, on a prompt"},
		{"pairs", "There are no pairs. Usage: pairs [file.jsonl | off]"},
		{"pairs " + examples, `no column is the positive; there are "prompt", "target", "versus"`},
		{"contrast", "Take pairs of prompts first: pairs <file.jsonl>"},
		{"contrast two", `"two" is no number of neurons. Usage: contrast [k]`},
		{"vector", "Take pairs of prompts first: pairs <file.jsonl>"},
		{"vector nowhere", "use .safetensors or .gguf"},
		{"decompose", "Take a vector first: pairs <file.jsonl>, then vector; or vector <file>"},
		{paris + "add", "Take a vector first"},
		{"add nan", `"nan" is no number. Usage: add [x]`},
		{"project x", `"x" is no number. Usage: project [x]`},
		{"when", "Changes act everywhere.\nUsage: when"},
		{"when x", `"x" is no layer. Usage: when`},
		{"when 1 1 else", `is more than a layer, a number and the word prompt`},
		{"pairs " + pairs + "\nvector\nwhen 9 1", "The vector has no direction in layer 9. Its layers: vector"},
		{"pairs " + pairs + "\nvector\nwhen 1 inf", `"inf" is no number. Usage: when`},
		{"pairs " + pairs + "\nvector\nwhen 1", "Set a prompt first"},
		{"layers", "Usage: layers <first> [last]"},
		{"layers 2 1", "Usage: layers <first> [last]"},
		{"layers a", `"a" is no layer. Usage: layers`},
		{"layers 1", "Set a prompt first"},
		{paris + "discover\nlayers 9", "The circuit has nothing in these layers, and stays as it is"},
		{"universal x", `"x" means nothing here. Usage: universal`},
		{"writes -2", `"-2" is no number of neurons. Usage: writes [k]`},
		{"contexts", "Set a prompt first"},
		{paris + "discover\nheads 1\nwrites", "The circuit has no neurons"},
	} {
		out := talk(t, t.TempDir(), c.script+"\nmultiplier\n")
		if !strings.Contains(out, c.want) || !strings.Contains(out, "Current multiplier: 1") {
			t.Errorf("%q: the session lacks %q:\n%s", c.script, c.want, out)
		}
	}
}

// TestCircuitOfExamples: a circuit that examples gave stays when the prompt changes, and is measured on the examples.
func TestCircuitOfExamples(t *testing.T) {
	examples, _ := files(t)
	out := talk(t, t.TempDir(), "examples "+examples+"\nbehavior 3\n"+paris+"info\nedges\nfaithful\nexamples off\nfaithful\n")
	wants(t, out, "4 examples: circuits are found on 2 of them, and measured on 2.", "Circuit:    3 neurons", "On the first example that is measured on: The capital of Italy is", "Graph:",
		"with all units", "own prompt again", "say what it is measured on: examples <file.jsonl>")
}
