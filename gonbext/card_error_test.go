package gonbext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestErrorCardPaths: no folder of this machine is on the card of a mistake, and what is there can be typed from the notebook.
func TestErrorCardPaths(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(t.TempDir(), "someone")
	t.Setenv("HOME", home)
	at := func(parts ...string) string { return filepath.Join(parts...) }
	text := errorCard(engine.Errorf(steer.BadModel, "model", "neither %s nor %s is one", at(here, "mine"), at(filepath.Dir(here), "models", "x")).
		Try("look in %s", at(home, ".cache", "hub")), site{}).text()
	for _, want := range []string{"neither mine nor " + at("..", "models", "x"), at("~", ".cache", "hub")} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, here) || strings.Contains(text, home) {
		t.Errorf("a path of this machine:\n%s", text)
	}
}
