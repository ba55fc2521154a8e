package kernelproxy

import (
	"strings"
	"testing"
)

// TestTags: cells are built without what no figure needs, and a user's own tags replace that, for of a flag that is given twice Go
// takes the last.
func TestTags(t *testing.T) {
	for _, m := range []modules{{clone: "/c"}, {proxy: "/p"}} {
		for _, users := range []string{"", "-tags=mine"} {
			env := tools{}.environment([]string{"GOFLAGS=" + users}, t.TempDir(), "", m)
			got := strings.Fields(value(env, "GOFLAGS"))
			if len(got) < 2 || got[0] != "-tags=minimal" || users != "" && got[1] != users {
				t.Errorf("%+v with %q: %q", m, users, got)
			}
		}
	}
}
