package device

import "testing"

func TestChosen(t *testing.T) {
	for set, want := range map[string]string{"": "", "auto": "", "go": "go", "xla": "xla"} {
		t.Setenv(Env, set)
		if got := Chosen(); got != want {
			t.Errorf("%q chooses %q", set, got)
		}
	}
}
