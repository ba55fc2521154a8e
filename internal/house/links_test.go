package house

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// heavy are packages that no cell may load, with what they cost: every cell is linked anew, and Go looks at each package first.
var heavy = map[string]string{
	"gonum.org/v1/plot/vg/vgpdf":     "5 MB of objects, a library for documents; plotting writes a page of PDF by itself",
	"gonum.org/v1/plot/vg/vgeps":     "a format that no figure is written in",
	"gonum.org/v1/plot/vg/vgtex":     "a format that no figure is written in",
	"gonum.org/v1/gonum/stat":        "15 MB and 22 packages of linear algebra, for means and slopes; see internal/stats",
	"gonum.org/v1/gonum/mat":         "12 MB, as above",
	"debug/elf":                      "2 MB with debug/dwarf; internal/build reads the one note that it needs",
	"debug/macho":                    "see internal/device/plugin",
	"html/template":                  "it keeps every exported method of every type in the program",
	"text/template":                  "it keeps every exported method of every type in the program",
	"net/http":                       "10 MB; cells ask the resident process through a socket",
	"go/types":                       "what reads Go is the kernel's",
	"internal/kernelproxy":           "what is the kernel's is not the cells'",
	"github.com/yuin/goldmark":       "Markdown is shown by the page",
	"golang.org/x/text/unicode/norm": "2 MB of tables",
}

// mostPackages bounds how many packages a cell loads that imports all three, Go's own included: 250 at the last count.
const mostPackages = 256

// TestCellLinks: what a notebook's cell compiles is pure Go and holds no engine, no tokenizer and no model, the modules
// of others included (the graph of TestArrows ends at them); and nothing heavy, with the tags that cells are built with.
func TestCellLinks(t *testing.T) {
	all := map[string]bool{}
	for _, pkg := range []string{"steer", "plotting", "gonbext"} {
		cmd := exec.Command("go", "list", "-e", "-deps", "-tags=minimal", "-f", "{{.ImportPath}}{{if .CgoFiles}} C{{end}}", module+"/"+pkg)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.Output()
		deps := strings.Fields(string(out))
		if err != nil || !slices.Contains(deps, module+"/"+pkg) {
			t.Fatalf("go list of %s: %v\n%s", pkg, err, out)
		}
		never := slices.Concat(engines, loading, []string{"C", "runtime/cgo"})
		if pkg != "gonbext" {
			never = append(never, notebook...)
		}
		if pkg == "steer" {
			never = append(never, append(drawing, "net/http")...)
		}
		for _, d := range deps {
			all[d] = true
			own := strings.TrimPrefix(d, module+"/")
			if fitsAny(own, never) {
				t.Errorf("%s links %s", pkg, own)
			}
			if why, ok := heavy[own]; ok {
				t.Errorf("%s loads %s: %s", pkg, own, why)
			}
		}
	}
	if n := len(all); n > mostPackages {
		t.Errorf("a cell loads %d packages, at most %d: each costs every cell of everyone", n, mostPackages)
	}
}
