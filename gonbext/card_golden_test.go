package gonbext

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

var update = flag.Bool("update", false, "write testdata/stripped.txt anew")

// TestStrippedCards holds the words of cards without style and script, as a host shows them that allows only plain elements, to a text
// that was read: the facts of a card are these, and no look carries one of them. One card a line.
func TestStrippedCards(t *testing.T) {
	m, r := newResults(t)
	ask, text := m.Predict(france).Of(" Paris", " Rome").Top(3), m.Generate(france).MaxTokens(6)
	_, mistakes := m.Attribute("").Chat().Request()
	var b strings.Builder
	for _, x := range []any{
		ask, ask.Ablate(r.found), ask.With(steer.AddVector(r.vector.Layers(1, 2), -.5).When(r.vector.Layers(0, 0).Named("probe"), 1.2)),
		Compare(ask, ask.Ablate(r.found)), Compare(ask, ask.Scale(r.found, .5), ask.Scale(r.found, 2), ask.Scale(r.found, 4)), Compare(text, text.Scale(r.found, -5)),
		run(t, text).Diff(run(t, text.Scale(r.found, -5))), r.curve, r.found, twoCapitals(), plotting.DoseResponse(r.curve), mistakes,
	} {
		o, err := render(x, site{})
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := x.(Figure); ok { // of a picture its words are left
			b.WriteString(f.Alt() + "\n")
			continue
		}
		b.WriteString(strings.Join(strip(t, o.html), " ") + "\n")
	}
	const file = "testdata/stripped.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		switch {
		case i >= len(got) || i >= len(lines):
			t.Fatalf("%d cards, want %d; go test ./gonbext -run Stripped -update, and read what it writes", len(got), len(lines))
		case got[i] != lines[i]:
			t.Errorf("card %d says\n%s\nwant\n%s\n(go test ./gonbext -run Stripped -update, and read what it writes)", i+1, got[i], lines[i])
		}
	}
}
