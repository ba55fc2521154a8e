package gonbext

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestCardsJoinSharedCharacters: a character whose bytes are spread over tokens is read on every card; a token that stands
// alone shows its bytes. None shows U+FFFD.
func TestCardsJoinSharedCharacters(t *testing.T) {
	m := steertest.NewModel()
	const text = "Il a dit: 巴黎 é"
	scores := run(t, m.Attribute(text).Target(" Paris").KeepBOS())
	p := run(t, m.Predict(text).Top(300))
	for name, c := range map[string]struct {
		card *card
		says []string
	}{
		"tokens":     {tokensCard(run(t, m.Tokens(text))), []string{"巴[1/3]", "黎[3/3]", "é[2/2]"}},
		"prediction": {predictionCard(p), []string{"巴黎 é", `\xe5`}},
		"generation": {generationCard(run(t, m.Generate(text).MaxTokens(1))), []string{"巴黎 é"}},
		"scores":     {scoresCard(scores), []string{"é[1/2]"}},
	} {
		for form, s := range map[string]string{"html": c.card.html(), "text": c.card.text()} {
			if strings.ContainsRune(s, '\uFFFD') {
				t.Errorf("the %s of the card of %s shows U+FFFD", form, name)
			}
			for _, want := range c.says {
				if !strings.Contains(s, want) {
					t.Errorf("the %s of the card of %s lacks %q:\n%s", form, name, want, s)
				}
			}
		}
	}
}
