package house

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestCellLinks: what a notebook's cell compiles is pure Go and holds no engine, no tokenizer and no model, the modules
// of others included (the graph of TestArrows ends at them).
func TestCellLinks(t *testing.T) {
	for _, pkg := range []string{"steer", "plotting", "gonbext"} {
		if !exists(root + "/" + pkg) {
			continue // not written yet
		}
		cmd := exec.Command("go", "list", "-e", "-deps", "-f", "{{.ImportPath}}{{if .CgoFiles}} C{{end}}", module+"/"+pkg)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.Output()
		deps := strings.Fields(string(out))
		if err != nil || !slices.Contains(deps, module+"/"+pkg) {
			t.Fatalf("go list of %s: %v\n%s", pkg, err, out)
		}
		never := all(engines, loading, []string{"C", "runtime/cgo"})
		if pkg != "gonbext" {
			never = append(never, notebook...)
		}
		if pkg == "steer" {
			never = append(never, append(drawing, "net/http")...)
		}
		for _, d := range deps {
			if own := strings.TrimPrefix(d, module+"/"); fitsAny(own, never) {
				t.Errorf("%s links %s", pkg, own)
			}
		}
	}
}
