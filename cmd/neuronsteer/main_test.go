package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// asProgram, in the environment, makes the test program neuronsteer itself.
const asProgram = "NEURONSTEER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(start(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// program returns a command that runs neuronsteer.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	signal.Reset(syscall.SIGHUP) // a serve that a test ran has it ignored, which a process hands on
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// alone gives a test a store and models of its own.
func alone(t *testing.T) (storeDir string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("NEURONSTEER_STORE", filepath.Join(dir, "results"))
	t.Setenv("NEURONSTEER_STORE_MAX", "")
	t.Setenv("NEURONSTEER_MODELS", filepath.Join(dir, "models"))
	return filepath.Join(dir, "results")
}

// Whatever is typed wrongly is one mistake on one line that says what to type next, and nothing is done.
func TestWrongWords(t *testing.T) {
	alone(t)
	for _, c := range []struct{ line, want string }{
		{"nonsense", `there is no command "nonsense"`},
		{"help nonsense", `there is no command "nonsense"`},
		{"-x", `there is no command "-x"`},
		{"demo -x", "not defined: -x"},
		{"demo more", `"more" is one word too many`},
		{"demo -model nonsense", `no story about "nonsense"`},
		{"demo -model", "needs an argument"},
		{"demo -out main.go/figures", "-out with a folder"},
		{"pull", "name one model"},
		{"pull a b", "name one model"},
		{"pull nonsense", `"nonsense"`},
		{"pull teaching", "part of the program"},
		{"check", "at least one folder"},
		{"check -model teaching", "at least one folder"},
		{"repl -temperature hot", "invalid"},
		{"repl -temperature -1", "Temperature(-1) is not above 0"},
		{"repl -top-k 3", "TopK(3) is about what is drawn"},
		{"repl -repetition-penalty 0", "RepetitionPenalty(0)"},
		{"repl -temperature 1 -stop=", "would stop at once"},
		{"serve", "--session"},
		{"serve --session", "needs an argument"},
		{"serve --session x --idle 0s", "positive --idle"},
		{"serve --session /nowhere/session", "does not exist"},
		{"cache nonsense", `"nonsense"`},
		{"cache list more", `"more" is one word too many`},
		{"cache list -max 5", "setting of prune"},
		{"cache -max 5", "setting of prune"},
		{"cache prune -max -5", "no number of bytes"},
		{"cache prune -max 5GB", "no number of bytes"},
		{"version more", `"more" is one word too many`},
	} {
		var out bytes.Buffer
		err := run(t.Context(), strings.Fields(c.line), &out)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.line, err, c.want)
			continue
		}
		if out.Len() > 0 {
			t.Errorf("%s printed %q beside its error", c.line, &out)
		}
		for _, m := range engine.Mistakes(err) {
			if m.Code == steer.Internal || m.Hint == "" {
				t.Errorf("%s: %+v does not say what to type", c.line, m)
			}
		}
	}
}

// Help is had in every way that people ask for it, and names the command's flags.
func TestHelp(t *testing.T) {
	alone(t)
	for line, want := range map[string]string{
		"": "neuronsteer help COMMAND", "help": "neuronsteer help COMMAND", "-h": "pull", "--help": "pull", "help -h": "pull",
		"demo -h": "-out DIR", "help demo": "-model NAME", "pull --help": "usage: neuronsteer pull NAME",
		"help check": "-model NAME", "help repl": "-repetition-penalty X", "cache -h": "-max N", "help cache": "-max N", "cache list -h": "-max N", "version -h": "version",
		"help serve": "--session DIR", "serve --help": "--session DIR",
	} {
		var out bytes.Buffer
		err := run(t.Context(), strings.Fields(line), &out)
		if err != nil && !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%q: %v", line, err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q printed %q, want %q", line, &out, want)
		}
	}
}

// Flags are read before and after a command's words.
func TestFlagsAfterWords(t *testing.T) {
	for _, line := range []string{"-model m a b", "a -model m b", "a b -model m", "a b --model=m"} {
		f := flag.NewFlagSet("check", flag.ContinueOnError)
		model := f.String("model", "", "")
		ws, err := words(f, strings.Fields(line))
		if err != nil || strings.Join(ws, " ") != "a b" || *model != "m" {
			t.Errorf("%s: words %q, model %q, %v", line, ws, *model, err)
		}
	}
}

// The demo tells of the models that are here, and says how to get the others; pruning keeps to the user's bound.
func TestDemoAndCache(t *testing.T) {
	dir := alone(t)
	figures := t.TempDir()
	say := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if err := run(t.Context(), args, &out); err != nil {
			t.Fatal(args, err)
		}
		return out.String()
	}
	told, err := program(t, "demo", "-out", figures).CombinedOutput() // a process of its own, whose session ends with it
	if err != nil {
		t.Fatalf("demo: %v\n%s", err, told)
	}
	out := string(told)
	for _, want := range []string{`after   " terrible.`, "by-layer.png", "neuronsteer pull smollm2-135m-instruct"} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
	for _, name := range []string{"teaching-by-layer.png", "teaching-heat-map.svg"} {
		if info, err := os.Stat(filepath.Join(figures, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := say("cache"); !strings.Contains(out, dir) || !strings.Contains(out, "5 results") {
		t.Errorf("cache: %s", out)
	}
	table := say("cache", "list")
	for _, want := range []string{"LAST USED", "RESULT", "ABOUT", "attribute", `"I loved the film. It was"`, "1 intervention"} {
		if !strings.Contains(table, want) {
			t.Errorf("cache list lacks %q:\n%s", want, table)
		}
	}
	if strings.Count(table, "\n") != 1+5 || strings.Contains(table, "{") {
		t.Errorf("cache list:\n%s", table)
	}
	t.Setenv("NEURONSTEER_STORE_MAX", "0")
	if out := say("cache", "prune", "-max", "1000000000"); !strings.HasPrefix(out, "removed 0 ") {
		t.Errorf("cache prune -max 1000000000: %s", out)
	}
	if out := say("cache", "prune"); !strings.HasPrefix(out, "removed 5 ") {
		t.Errorf("cache prune, bound 0: %s", out)
	}
}

// A folder that cannot be written is one mistake that names the variable.
func TestStoreThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NEURONSTEER_STORE", filepath.Join(file, "results"))
	for _, line := range []string{"cache", "demo -model teaching", "serve --session x"} {
		err := run(t.Context(), strings.Fields(line), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), "set NEURONSTEER_STORE") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
