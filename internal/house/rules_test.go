package house

import (
	"fmt"
	"slices"
	"strings"
)

const module = "github.com/neuronsteer/neuronsteer"

// A graph says what each package imports, tests not counted: import paths, the module's own without its prefix ("steer",
// "internal/store"; the prefix itself is ".").
type graph map[string][]string

// A rule says what a package may reach. Names stand for a package and everything below it; "=name" for the package alone.
type rule struct {
	of     string   // the packages it is for; the longest name that fits counts
	direct []string // what of this module they may import; nil: anything
	never  []string // what they may not reach, however far: of this module or not
	extern []string // what outside the standard library they may reach; nil: anything
}

var (
	engines  = []string{"github.com/gomlx", "github.com/daulet/tokenizers", "internal/decoder", "internal/engine", "internal/text"}
	cells    = []string{"github.com/parquet-go/parquet-go", "internal/execute", "internal/jupyter", "internal/kernelproxy"} // what no notebook cell links
	notebook = []string{"github.com/janpfeifer/gonb"}
	drawing  = []string{"gonum.org/v1/plot"}
	loading  = []string{"internal/checkpoint", "internal/resident/server", "steer/local", "testdata/teaching"}
	none     = []string{}
)

// rules holds the arrows between packages, and why there are arrows: steer draws nothing and knows no notebook, plotting
// knows no model, a notebook's cell links no engine and embeds no model.
var rules = []rule{
	{of: "steer/engine", direct: none, extern: none},
	{of: "internal/message", direct: []string{"steer/engine"}, never: all(engines, notebook, drawing, []string{"C"}), extern: none},
	{of: "internal/execute", direct: []string{"=steer", "steer/engine", "internal/message", "internal/fence", "internal/stats"}, never: all(engines, notebook, drawing, loading, []string{"C"}), extern: []string{"gonum.org/v1/gonum"}},
	{of: "steer", direct: []string{"steer/engine", "internal/message", "internal/tensorfile", "internal/regular", "internal/atomicfile", "internal/stats", "internal/exactjson", "internal/tabular"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"}),
		extern: []string{"gonum.org/v1/gonum"}},
	{of: "steer/steertest", direct: []string{"=steer", "steer/engine", "internal/execute"}, never: all(engines, notebook, drawing, loading, []string{"net/http"}), extern: []string{"gonum.org/v1/gonum"}},
	{of: "steer/local", direct: []string{"=steer", "steer/engine", "internal"}, never: all(notebook, drawing, []string{"internal/resident", "gonbext", "plotting"})},
	{of: "plotting", direct: []string{"internal/atomicfile", "internal/fence", "internal/regular", "internal/stats", "internal/visible"}, never: all(engines, notebook, []string{"steer", "net/http", "C"})},
	{of: "gonbext", direct: []string{"plotting", "=steer", "steer/engine", "=internal/resident", "internal/store", "internal/journal", "internal/modelref", "internal/regular", "internal/build", "internal/device", "internal/visible", "internal/progress", "internal/tabular"},
		never: all(engines, cells, loading, []string{"C"})},
	{of: "notebooks", direct: []string{"=steer", "steer/engine", "plotting", "gonbext"}},
	{of: "internal", never: all(notebook, []string{"gonbext", "notebooks", "cmd"})}, // what is not named below
	{of: "internal/decoder", direct: []string{"internal/checkpoint"}, never: all(notebook, drawing, []string{"github.com/daulet/tokenizers", "C"})},
	{of: "internal/engine", direct: []string{"internal/decoder", "internal/checkpoint", "internal/backend", "internal/kernel", "internal/tensorfile", "internal/memory", "=steer", "steer/engine"}, never: all(notebook, drawing, []string{"github.com/daulet/tokenizers"})},
	{of: "internal/checkpoint", direct: []string{"internal/tensorfile", "internal/modelref", "internal/regular", "internal/atomicfile", "=steer", "steer/engine", "testdata/teaching"}, never: all(engines, notebook, drawing)},
	{of: "internal/modelref", direct: []string{"=steer", "steer/engine", "=internal/hub", "internal/regular", "internal/atomicfile"}, never: all(engines, notebook, drawing, loading, []string{"C"}), extern: []string{"gonum.org/v1/gonum"}},
	{of: "internal/hub", direct: []string{"internal/regular"}, never: []string{"net/http", "C"}, extern: none},
	{of: "internal/hub/hubtest", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/hub/pull", direct: []string{"=internal/hub", "internal/modelref", "internal/regular", "internal/atomicfile", "internal/lock", "steer/engine"}, never: all(engines, notebook, drawing, loading, []string{"C"})},
	{of: "internal/atomicfile", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/transformers", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/device", direct: []string{"internal/regular", "internal/atomicfile"}, never: []string{"C"}, extern: none},
	{of: "internal/build", direct: []string{"internal/regular"}, never: []string{"C"}, extern: none},
	{of: "internal/flight", direct: []string{"internal/fence"}, never: []string{"C"}, extern: none},
	{of: "internal/fence", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/visible", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/memory", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/kernel", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/backend", direct: []string{"internal/kernel"}, never: all(notebook, drawing, []string{"github.com/gomlx/gomlx", "github.com/gomlx/compute/gobackend", "C"})},
	{of: "internal/jupyter", direct: []string{"internal/regular", "internal/atomicfile"}, never: []string{"C"}, extern: []string{"github.com/go-zeromq/zmq4"}},
	{of: "internal/kernelspec", direct: []string{"internal/atomicfile", "internal/regular"}, never: []string{"C"}, extern: none},
	{of: "internal/kernelproxy", direct: []string{"internal/hints", "=steer", "steer/engine", "internal/jupyter", "internal/journal", "=internal/resident", "internal/store", "internal/modelref", "internal/device", "internal/build", "internal/regular", "internal/atomicfile", "internal/visible", "internal/wording"},
		never: all(engines, notebook, drawing, loading, []string{"C"})},
	{of: "internal/pagecheck", direct: []string{"internal/regular"}, never: []string{"C"}, extern: []string{"golang.org/x/net/html"}},
	{of: "internal/hints", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/lock", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/exactjson", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/tabular", direct: []string{"steer/engine", "internal/exactjson", "internal/regular", "internal/atomicfile"}, never: []string{"C"}, extern: none},
	{of: "internal/parquet", direct: []string{"internal/fence", "internal/tabular", "steer/engine", "internal/regular", "internal/atomicfile"}, never: all(engines, notebook, drawing, []string{"C"})},
	{of: "internal/stats", direct: none, never: []string{"C"}, extern: []string{"gonum.org/v1/gonum"}},
	{of: "internal/regular", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/tensorfile", direct: []string{"internal/regular"}, never: []string{"C"}, extern: none},
	{of: "internal/jinja", direct: none, never: []string{"C"}, extern: none},
	{of: "internal/bpe", direct: none, never: []string{"C"}, extern: []string{"golang.org/x/text/unicode/norm", "golang.org/x/text/transform"}},
	{of: "internal/text", direct: []string{"=steer", "steer/engine", "internal/regular", "internal/jinja", "internal/bpe"}, never: all(notebook, drawing, []string{"github.com/gomlx"})},
	{of: "internal/store", direct: []string{"=steer", "steer/engine", "internal/tensorfile", "internal/modelref", "internal/regular", "internal/atomicfile", "internal/lock", "internal/fence", "internal/flight"}, never: all(engines, notebook, drawing, loading, []string{"C"})},
	{of: "internal/progress", direct: []string{"=steer", "internal/message"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/journal", direct: []string{"=steer", "steer/engine", "internal/message", "internal/regular", "internal/atomicfile"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/report", direct: []string{"=steer", "steer/engine", "internal/journal", "internal/message", "internal/store", "internal/regular", "internal/atomicfile", "internal/visible"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/capsule", direct: []string{"=steer", "steer/engine", "internal/journal", "internal/regular", "internal/atomicfile"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/trial", direct: []string{"=steer", "steer/engine"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/verify", direct: []string{"=steer", "steer/engine", "internal/journal", "internal/report", "internal/regular"}, never: all(engines, notebook, drawing, loading, []string{"net/http", "C"})},
	{of: "internal/resident", direct: []string{"=steer", "steer/engine", "internal/store", "internal/tensorfile", "internal/regular", "internal/atomicfile", "internal/build", "internal/lock"}, never: all(engines, notebook, drawing, loading, []string{"C"})},
	{of: "internal/resident/server", direct: []string{"=steer", "steer/engine", "=internal/resident", "internal/memory", "internal/regular", "internal/fence", "internal/flight"}, never: all(engines, notebook, drawing, []string{"C"})},
	{of: "testdata/teaching", direct: none, extern: none},
}

func all(lists ...[]string) []string { return slices.Concat(lists...) }

// fits reports whether a package is what a name stands for.
func fits(pkg, name string) bool {
	if own, ok := strings.CutPrefix(name, "="); ok {
		return pkg == own
	}
	return pkg == name || strings.HasPrefix(pkg, name+"/")
}

func fitsAny(pkg string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return fits(pkg, n) })
}

// ruleFor returns the rule of the longest name that fits.
func ruleFor(pkg string) (best rule, ok bool) {
	for _, r := range rules {
		if fits(pkg, r.of) && len(r.of) > len(best.of) {
			best, ok = r, true
		}
	}
	return best, ok
}

// own reports whether an import is a package of this module.
func (g graph) own(imported string) bool {
	_, ok := g[imported]
	return ok
}

// standard reports whether an import path belongs to the standard library: its first element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// reach returns everything that pkg imports, directly or through this module, with the way there.
func (g graph) reach(pkg string) map[string]string {
	way := map[string]string{}
	var walk func(from, path string)
	walk = func(from, path string) {
		for _, to := range g[from] {
			if _, seen := way[to]; !seen {
				way[to] = path + " → " + to
				walk(to, way[to])
			}
		}
	}
	walk(pkg, pkg)
	return way
}

// violations lists every arrow that a rule forbids.
func violations(g graph) []string {
	var out []string
	for pkg := range g {
		r, ok := ruleFor(pkg)
		if !ok {
			continue
		}
		for _, to := range g[pkg] {
			if r.direct != nil && g.own(to) && !fits(to, r.of) && !fitsAny(to, r.direct) {
				out = append(out, fmt.Sprintf("%s imports %s; of this module it may import %v", pkg, to, r.direct))
			}
		}
		for to, way := range g.reach(pkg) {
			if fitsAny(to, r.never) {
				out = append(out, fmt.Sprintf("%s must not depend on %s: %s", pkg, to, way))
			}
			if r.extern != nil && !g.own(to) && !standard(to) && !fitsAny(to, r.extern) {
				out = append(out, fmt.Sprintf("%s must not depend on %s: %s; outside the standard library it may use %v", pkg, to, way, r.extern))
			}
		}
	}
	slices.Sort(out)
	return out
}
