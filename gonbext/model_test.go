package gonbext

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

func TestModelIsAHandle(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", "/dev/null/no folder")
	t.Setenv("NEURONSTEER_BIN", "/dev/null/no program")
	m := Model("no such model") // touches nothing
	if m.Name() != "no such model" {
		t.Errorf("name %q", m.Name())
	}
	if _, err := m.Info().Run(context.Background()); !errors.Is(err, steer.UnknownModel) {
		t.Errorf("error %v, want an unknown model", err)
	}
}

func TestNothingIsMadeOfAFailure(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	t.Setenv("NEURONSTEER_BIN", t.TempDir()) // a folder is no program
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	m := Model("teaching")
	if _, err := m.Predict("x").Run(context.Background()); !errors.Is(err, steer.NoEngine) {
		t.Errorf("error %v, want no engine", err)
	}
}

// TestAnotherModelsCircuit: a cell that hands a circuit to the wrong model is told so by digests, without a program.
func TestAnotherModelsCircuit(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	t.Setenv("NEURONSTEER_BIN", t.TempDir())
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	fake := steertest.NewModel().Runner()
	elsewhere := Model("elsewhere", On(steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		rec, err := fake.Run(ctx, r, emit)
		rec.Header.Identity.Model = "another"
		return rec, err
	})))
	s, err := elsewhere.Attribute(france).Target(" Paris").Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Model("teaching").Generate("x").Ablate(s.TopK(2)).Request(); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("error %v, want another model", err)
	}
}

func TestOnRunner(t *testing.T) {
	fake := steertest.NewModel().Runner()
	p, err := Model("mine", On(fake)).Predict(france).Run(context.Background())
	if err != nil || p.Top()[0].Text != " Paris" {
		t.Errorf("prediction %v, %v", p, err)
	}
}

// A lazy result asks once, whoever comes first.
func TestRunAsksOnce(t *testing.T) {
	with(t, console{})
	asked := 0
	fake := steertest.NewModel().Runner()
	m := Model("counted", On(steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		asked++
		return fake.Run(ctx, r, emit)
	})))
	s := Run(m.Attribute(france).Target(" Paris"))
	top := s.TopK(3)
	if asked != 0 {
		t.Fatal("describing asked the runner")
	}
	if top.Len() == 0 || s.Metric() == 0 || s.TopK(1).Len() != 1 || asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// TestModelOfTheHub: a name of the hub is what the cache has of it, or a mistake that says how to fetch it.
func TestModelOfTheHub(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	t.Setenv("NEURONSTEER_BIN", t.TempDir())
	t.Setenv("GONB_TMP_DIR", t.TempDir())
	t.Setenv("HF_HUB_CACHE", t.TempDir())
	tiny, err := filepath.Abs("../testdata/golden/tiny-llama")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	_, err = Model("org/tiny@v1").Info().Run(t.Context())
	if !errors.Is(err, steer.UnknownModel) || !strings.Contains(err.Error(), "type: neuronsteer pull org/tiny@v1") {
		t.Errorf("not fetched: %v", err)
	}
	c, commit := hub.Caches()[0], strings.Repeat("0a", 20)
	if err := errors.Join(os.CopyFS(c.Snapshot("org/tiny", commit), os.DirFS(tiny)), os.Mkdir(c.Ref("org/tiny", ""), 0o755),
		os.WriteFile(c.Ref("org/tiny", "v1"), []byte(commit), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Model("org/tiny@v1").Info().Run(t.Context()); !errors.Is(err, steer.NoEngine) {
		t.Errorf("fetched: %v, want no engine", err)
	}
}
