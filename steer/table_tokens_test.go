package steer

import "testing"

// A cell tells tokens apart that are part of a character, which as text are all U+FFFD.
func TestCellText(t *testing.T) {
	for raw, want := range map[string]string{"82": `\x82`, "98": `\x98`, "20e2": ` \xe2`, "": "�"} {
		if got := cellText(Token{Text: "�", Raw: raw}); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
	if got := cellText(Token{Text: " Paris"}); got != " Paris" {
		t.Errorf("%q", got)
	}
}
