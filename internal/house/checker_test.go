package house

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// good is a graph without a fault, as the module's is.
func good() graph {
	return graph{
		"steer": {"context", "internal/tensorfile", "gonum.org/v1/gonum/stat"}, "plotting": {"gonum.org/v1/plot/vg"},
		"gonbext": {"steer", "plotting", "internal/resident", "github.com/janpfeifer/gonb/gonbui"}, "internal/resident": {"steer", "internal/store", "net"},
		"internal/resident/server": {"steer", "internal/resident"}, "internal/store": {"steer", "internal/tensorfile"}, "internal/tensorfile": {"os"},
		"internal/engine": {"steer", "internal/decoder", "github.com/gomlx/compute"}, "internal/decoder": {"github.com/gomlx/gomlx/core/graph"},
		"steer/local": {"steer", "internal/engine"}, "cmd/neuronsteer": {"steer/local", "plotting", "gonbext", "net/http"}, "steer/steertest": {"steer", "testing"},
		"notebooks/course": {"gonbext", "steer"}, "internal/text": {"github.com/daulet/tokenizers", "steer"}, "testdata/teaching": {"embed"},
	}
}

// TestViolations: every kind of arrow that goes up is seen, near or far.
func TestViolations(t *testing.T) {
	if v := violations(good()); len(v) > 0 {
		t.Fatalf("a graph without a fault: %v", v)
	}
	for _, c := range []struct{ from, to, says string }{
		{"steer", "gonum.org/v1/plot", "steer must not depend on gonum.org/v1/plot"},
		{"steer", "github.com/janpfeifer/gonb/gonbui", "steer must not depend on github.com/janpfeifer"},
		{"steer", "net/http", "steer must not depend on net/http"},
		{"steer", "internal/engine", "steer imports internal/engine"},
		{"steer", "example.org/handy", "outside the standard library"},
		{"steer", "plotting", "steer imports plotting"},
		{"steer/newborn", "internal/engine", "steer/newborn imports internal/engine"},
		{"internal/tensorfile", "net/http", "steer → internal/tensorfile → net/http"},
		{"plotting", "steer", "plotting imports steer"},
		{"plotting/svg", "github.com/gomlx/gomlx/core/graph", "plotting/svg must not depend on github.com/gomlx"},
		{"gonbext", "internal/engine", "gonbext imports internal/engine"},
		{"gonbext", "internal/resident/server", "gonbext imports internal/resident/server"},
		{"gonbext", "steer/local", "gonbext imports steer/local"},
		{"internal/store", "internal/text", "gonbext → internal/resident → internal/store → internal/text"},
		{"internal/resident", "testdata/teaching", "gonbext must not depend on testdata/teaching"},
		{"internal/resident", "internal/resident/server", "must not depend on internal/resident/server"},
		{"internal/resident/server", "internal/engine", "internal/resident/server must not depend on internal/engine"},
		{"internal/engine", "internal/text", "internal/engine imports internal/text"},
		{"internal/engine", "steer/local", "internal/engine imports steer/local"},
		{"internal/newborn", "gonbext", "internal/newborn must not depend on gonbext"},
		{"internal/text", "github.com/gomlx/compute", "internal/text must not depend on github.com/gomlx"},
		{"steer/local", "internal/resident", "steer/local must not depend on internal/resident"},
		{"notebooks/course", "internal/engine", "notebooks/course imports internal/engine"},
		{"internal/tensorfile", "C", "internal/tensorfile must not depend on C"},
	} {
		g := good()
		g[c.from] = append(g[c.from], c.to)
		if v := strings.Join(violations(g), "\n"); !strings.Contains(v, c.says) {
			t.Errorf("%s → %s: violations %q, want %q", c.from, c.to, v, c.says)
		}
	}
}

// TestManners: what a library must not call is seen; what merely looks like it is not.
func TestManners(t *testing.T) {
	for _, c := range []struct {
		path, imports, call string
		want                bool
	}{
		{"steer/x.go", `"fmt"`, `fmt.Println()`, true},
		{"steer/x.go", `p "fmt"`, `p.Printf("")`, true},
		{"steer/x.go", `"log"`, `log.Fatal()`, true},
		{"steer/x.go", ``, `panic(1)`, true},
		{"steer/x.go", ``, `recover()`, true},
		{"steer/x.go", ``, `println()`, true},
		{"internal/engine/x.go", ``, `recover()`, false},
		{"internal/engine/x.go", ``, `panic(1)`, true},
		{"steer/x.go", `"fmt"`, `fmt.Sprintln()`, false},
		{"steer/x.go", ``, `func() { log := x(); log.Fatal() }()`, false},
		{"cmd/neuronsteer/x.go", `"fmt"`, `fmt.Println()`, false},
		{"steer/x_test.go", ``, `panic(1)`, false},
		{"steer/x.go", `"os"`, `os.Open("")`, true},
		{"steer/x.go", `"os"`, `os.ReadFile("")`, true},
		{"internal/store/x_linux.go", `"os"`, `os.ReadFile("/proc/stat")`, false},
		{"internal/regular/x.go", `"os"`, `os.OpenFile("", 0, 0)`, false},
	} {
		text := "package x\nimport (" + c.imports + ")\nfunc f() { " + c.call + " }\n"
		s := source{path: c.path, dir: c.path[:strings.LastIndex(c.path, "/")], fset: token.NewFileSet(), tests: strings.HasSuffix(c.path, "_test.go")}
		var err error
		if s.tree, err = parser.ParseFile(s.fset, c.path, text, parser.ParseComments); err != nil {
			t.Fatal(err)
		}
		if got := manners(s); (len(got) > 0) != c.want {
			t.Errorf("%s: %s gives %v, want a fault: %v", c.path, c.call, got, c.want)
		}
	}
}
