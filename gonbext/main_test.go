package gonbext

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// cells are programs that end their process, as a failing cell does. The test binary runs one when GONBEXT_CELL names it.
var cells = map[string]func(m *steer.Model){
	"unused mistake": func(m *steer.Model) {
		wrong := Run(m.Attribute("").Chat())
		_ = wrong.TopK(3).Named("never looked at")
		Show("unrelated")
	},
	"used mistake": func(m *steer.Model) {
		wrong := Run(m.Attribute("").Chat().Versus(""))
		Show("before", wrong, "after")
	},
	"dependent mistake": func(m *steer.Model) {
		top := Run(m.Attribute("The capital of France is").Target(" Sacramento")).TopK(3)
		ask := m.Generate("The capital of France is").MaxTokens(2)
		Show(Run(ask).Diff(Run(ask.Ablate(top))), Run(ask.Scale(top, 2)))
	},
	"two at once": func(m *steer.Model) {
		wrong := Run(m.Attribute("").Chat())
		go Show(wrong)
		Show(wrong)
	},
	"unknown model": func(*steer.Model) {
		m := Model("no such model")
		Show("declared")
		Show(m)
	},
	"no model": func(*steer.Model) {
		var none *steer.Model
		Show(none.Predict("x"))
	},
	"must": func(*steer.Model) {
		fmt.Println(Must(7, nil))
		err := errors.New("no eight")
		fmt.Println(Must(8, err))
	},
	"check": func(*steer.Model) {
		Check(nil)
		Check(engine.Errorf(steer.BadSetting, "save", "no such folder").Try("mkdir figures"))
	},
	"figure": func(*steer.Model) {
		f := fakeFigure{err: errors.New("plotting: nothing to draw")}
		Show(f)
	},
	"interrupt": func(*steer.Model) {
		m := Model("slow", On(steer.RunnerFunc(func(ctx context.Context, _ steer.Request, _ func(steer.Event)) (steer.Record, error) {
			fmt.Println("running")
			<-ctx.Done()
			fmt.Println("let go")
			return steer.Record{}, ctx.Err()
		})))
		Show(m.Predict("x"))
	},
	"interrupt a deaf runner": func(*steer.Model) {
		m := Model("deaf", On(steer.RunnerFunc(func(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
			fmt.Println("running")
			select {}
		})))
		Show(m.Predict("x"))
	},
}

func TestMain(m *testing.M) {
	if name := os.Getenv("GONBEXT_CELL"); name != "" {
		cells[name](steertest.NewModel())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// cellCommand runs a cell in a process of its own.
func cellCommand(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	if cells[name] == nil {
		t.Fatalf("no cell %q", name)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "GONBEXT_CELL="+name, "NEURONSTEER_STORE="+t.TempDir(), "NEURONSTEER_MODELS="+t.TempDir())
	return c
}

func TestCells(t *testing.T) {
	for name, want := range map[string]struct {
		code  int
		once  []string // each is said exactly once
		never []string
	}{
		"unused mistake":    {0, []string{"unrelated"}, []string{"attribute", "mistake"}},
		"used mistake":      {1, []string{"before", "3 mistakes", "the prompt is empty", "no target", "→ add Target(", "wrong := Run(m.Attribute"}, []string{"after", "goroutine"}},
		"dependent mistake": {1, []string{`target " Sacramento" is 3 tokens`, "→ use a one-token word", "top := Run("}, []string{"part at", "goroutine"}},
		"two at once":       {1, []string{"2 mistakes"}, []string{"goroutine"}},
		"unknown model":     {1, []string{"declared", `"no such model"`, "Show(m)"}, []string{"goroutine"}},
		"no model":          {1, []string{"the task has no model", "nb.Model("}, []string{"goroutine", "nil pointer"}},
		"must":              {1, []string{"7", "no eight", "Must(8"}, []string{"goroutine", "8\n", "defect"}},
		"check":             {1, []string{"save: no such folder", "→ mkdir figures"}, []string{"goroutine"}},
		"figure":            {1, []string{"nothing to draw"}, []string{"goroutine"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := cellCommand(t, name).CombinedOutput()
			code := 0
			if e := (*exec.ExitError)(nil); errors.As(err, &e) {
				code = e.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			if code != want.code {
				t.Errorf("exit status %d, want %d", code, want.code)
			}
			for _, s := range want.once {
				if n := strings.Count(string(out), s); n != 1 {
					t.Errorf("%q is said %d times", s, n)
				}
			}
			for _, s := range want.never {
				if strings.Contains(string(out), s) {
					t.Errorf("says %q", s)
				}
			}
			if t.Failed() {
				t.Logf("output:\n%s", out)
			}
		})
	}
}
