//go:build kernel

package kerneltest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/kernelspec"
	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
	"github.com/neuronsteer/neuronsteer/steer"
)

// gonb tells the process that runs the cells from others.
func gonb(p kerneltest.Process) bool { return strings.Contains(p.Command, "gonb --kernel") }

// A notebook of the own kernel needs no import; whatever its first cell does wrong, the next cells have the packages. An
// import of its own, with its name or without, is no mistake, and neither is a reset.
func TestOwnImports(t *testing.T) {
	k := kerneltest.StartOwn(t)
	c := k.Run(t, "var m = nb.Model(\"teaching\")\nvar praise = nb.Run(m.Atribute(\"x\"))") //nolint:misspell // the mistake
	if c.Status != "error" || !strings.Contains(c.Text(), "→ steer.Model has Attribute") || strings.Contains(c.Text(), "gonb_") {
		t.Errorf("the first cell ends with %q: %s", c.Status, c.Text())
	}
	for range 2 { // the second time after a reset
		if got := k.OK(t, "%%\nnb.Show(\"there\", plotting.ByLayer != nil, steer.Circuit{}.Len())"); !strings.Contains(got, "there") {
			t.Errorf("the next cell shows %q", got)
		}
		k.OK(t, "%reset")
	}
	k.OK(t, "import (\n\t\"github.com/neuronsteer/neuronsteer/gonbext\"\n\t\"github.com/neuronsteer/neuronsteer/steer\"\n)\n%%\ngonbext.Show(steer.Circuit{})\nnb.Show(1)")
	k.OK(t, "import nb \"github.com/neuronsteer/neuronsteer/gonbext\"\nvar m = nb.Model(\"teaching\")")
	k.OK(t, "%%\nnb.Show(m)")
}

// Of a cell that does not compile, the declarations that are right are there for the next cells, which is said; what is
// wrong is not, nor what needs it.
func TestOwnSalvage(t *testing.T) {
	k := kerneltest.StartOwn(t)
	c := k.Run(t, "var m = nb.Model(\"teaching\")\nconst text = \"It was\"\nvar (\n\tbad = m.Atribute(text)\n\tworse = bad.TopK(3)\n\tgood = 7\n)\nfunc twice(x int) int { return 2 * x }\n%%\nnb.Show(good)") //nolint:misspell // the mistake
	if c.Status != "error" || !strings.Contains(c.Text(), "declared all the same: m, text, good, twice") {
		t.Errorf("the cell ends with %q: %s", c.Status, c.Text())
	}
	if got := k.OK(t, "%%\nnb.Show(m.Predict(text).Of(\" wonderful\"), twice(good))"); !strings.Contains(got, "14") {
		t.Errorf("the next cell shows %q", got)
	}
	if c := k.Run(t, "%%\nnb.Show(worse)"); !strings.Contains(c.Text(), "undefined: worse") {
		t.Errorf("what needs the mistake: %s", c.Text())
	}
	k.OK(t, "var bad = m.Attribute(text)")
	c = k.Run(t, "var more = 1\n%%\nx := 3")
	if !strings.Contains(c.Text(), "declared all the same: more") || strings.Contains(c.Text(), "no field") {
		t.Errorf("a mistake below %%%%: %s", c.Text())
	}
}

// A frequent mistake gets a line in plain words, and what was shown is also the reply's.
func TestOwnHint(t *testing.T) {
	k := kerneltest.StartOwn(t)
	for code, want := range map[string]string{
		"x := 3":                         "→ statements stand below a line with nothing but %%: put %% above this line, or write var x = 3",
		"%%\nvar a = 'abc'":              `→ a string has double quotes: "…"`,
		"%%\nx := 3":                     "→ use x, for instance nb.Show(x)",
		"%%\nnb.Model(\"a\").Predict(3)": "→ text stands in quotes",
	} {
		if c := k.Run(t, code); c.Status != "error" || !strings.Contains(c.Text(), want) {
			t.Errorf("%q ends with %q, want %q in\n%s", code, c.Status, want, c.Text())
		}
	}
	k.OK(t, "%%\ngone := 3\nnb.Show(gone)")
	if c := k.Run(t, "%%\nnb.Show(gone)"); !strings.Contains(c.Text(), "→ gone was declared below %% of another cell") {
		t.Errorf("a value of another cell: %s", c.Text())
	}
}

// Completion and documentation work in the first cell, before %% and below it, in statements without %%, behind characters
// of any size, and while a cell runs. No documentation leads to a page that there is none of.
func TestOwnCompletion(t *testing.T) {
	k := kerneltest.StartOwn(t)
	has := func(code, want string, start int) {
		t.Helper()
		c := k.Complete(t, code)
		if slices.Contains(c.Matches, want) {
			if c.Start != start {
				t.Errorf("%s: starts at %d, want %d", code, c.Start, start)
			}
			return
		}
		t.Errorf("%s: %v, want %s", code, c.Matches, want)
	}
	has("var m = nb.Mo|", "Model", 11)
	has("%%\nnb.Sh|", "Show", 6)
	has("plotting.byl|", "ByLayer", 9)
	has("var f = plotting.By|\n%%\nnb.Show(f)", "ByLayer", 17)
	if doc := k.Inspect(t, "nb.Mod|el(\"teaching\")"); !strings.Contains(doc, "returns a handle on the model") || strings.Contains(doc, "](http") {
		t.Errorf("documentation: %q", doc)
	}
	k.OK(t, "var m = nb.Model(\"teaching\")")
	end := k.Begin(t, "%%\ntime.Sleep(5 * time.Second)")
	start := time.Now()
	has("%%\n// 😀 é\nvar b = \"😀\" + m.Att|", "Attribute", 26)
	if doc := k.Inspect(t, "%%\nm.Attribute(|)"); !strings.Contains(doc, "AttributeTask") {
		t.Errorf("documentation while a cell runs: %q", doc)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("answered after %v: the cell may have ended", took)
	}
	end()
}

// A page asks the resident process also when no cell runs: the record that it gets is the one that a cell gets.
func TestOwnComm(t *testing.T) {
	k := kerneltest.StartOwn(t)
	k.OK(t, "%%\nnb.Show(1)") // the folder of the session is known
	var hello, rec struct {
		Type   string       `json:"type"`
		Text   string       `json:"text"`
		Header steer.Header `json:"header"`
	}
	k.Comm(t, "comm_open", "c1", "hello", map[string]any{}, &hello)
	if hello.Type != "hello" {
		t.Fatalf("the comm is not opened: %+v", hello)
	}
	request, err := steer.New("teaching", nil).Predict("I loved it. It was").Of(" wonderful").Request()
	if err != nil {
		t.Fatal(err)
	}
	k.Comm(t, "comm_msg", "c1", "record", map[string]any{"type": "run", "id": 1, "model": "teaching", "request": request}, &rec)
	if rec.Type != "record" || !json.Valid(rec.Header.Body) || len(rec.Header.Body) < 20 {
		t.Fatalf("the answer is %+v", rec)
	}
	if n := len(k.Servers()); n != 1 {
		t.Errorf("%d resident processes", n)
	}
	var bad struct{ Type, Text string }
	k.Comm(t, "comm_msg", "c1", "record", map[string]any{"type": "run", "id": 2, "model": "none", "request": request}, &bad)
	if bad.Type != "error" || !strings.Contains(bad.Text, "no model") {
		t.Errorf("a model that there is none of: %+v", bad)
	}
	k.OK(t, "%%\nnb.Show(nb.Model(\"teaching\").Predict(\"I loved it. It was\").Of(\" wonderful\"))")
	if n := len(k.Servers()); n != 1 {
		t.Errorf("cell and page have %d resident processes", n)
	}
}

// An interrupt stops the cell; those that wait behind one that fails are not run; a restart forgets and finds the packages
// again.
func TestOwnInterruptAndRestart(t *testing.T) {
	k := kerneltest.StartOwn(t)
	k.OK(t, "var kept = 3")
	end := k.Begin(t, "%%\ntime.Sleep(time.Minute)")
	next := k.Begin(t, "%%\nnb.Show(kept)")
	time.Sleep(3 * time.Second)
	k.Interrupt(t)
	if c := end(); c.Status != "error" || c.Took > 30*time.Second {
		t.Errorf("the interrupted cell ends with %q after %v", c.Status, c.Took)
	}
	if c := next(); c.Status != "aborted" {
		t.Errorf("the cell behind it ends with %q", c.Status)
	}
	if got := k.OK(t, "%%\nnb.Show(kept)"); !strings.Contains(got, "3") {
		t.Errorf("after the interrupt: %q", got)
	}
	end, next = k.Begin(t, "%%\ntime.Sleep(2 * time.Second)\nos.Exit(3)"), k.Begin(t, "%%\nnb.Show(kept)")
	if c := end(); c.Status != "error" {
		t.Errorf("the cell that fails ends with %q", c.Status)
	}
	if c := next(); c.Status != "aborted" {
		t.Errorf("the cell behind one that fails ends with %q", c.Status)
	}
	k.Restart(t)
	if c := k.Run(t, "%%\nnb.Show(kept)"); !strings.Contains(c.Text(), "undefined: kept") {
		t.Errorf("after the restart: %s", c.Text())
	}
	k.OK(t, "%%\nnb.Show(1)")
}

// SIGKILL of either side leaves no process and no folder.
func TestOwnKilled(t *testing.T) {
	for _, victim := range []string{"the kernel", "gonb"} {
		t.Run(victim, func(t *testing.T) {
			k := kerneltest.StartOwn(t)
			said := strings.Fields(k.OK(t, "!*pwd")) // behind what the cell may have waited for
			folder := said[len(said)-1]
			k.OK(t, "%%\nnb.Show(nb.Model(\"teaching\").Predict(\"It was\").Of(\" wonderful\"))") // a resident process
			_ = k.Complete(t, "nb.Sh|")                                                           // and a gopls
			end := k.Begin(t, "%%\ntime.Sleep(time.Minute)")
			time.Sleep(3 * time.Second)
			if victim == "gonb" {
				for _, p := range k.Processes() {
					if gonb(p) {
						if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
							t.Fatal(err)
						}
					}
				}
				end()
			} else {
				k.Kill(t)
			}
			k.Gone(t, 15*time.Second)
			if _, err := os.Stat(folder); err == nil {
				t.Errorf("%s is left", folder)
			}
		})
	}
}

// The notebook to begin with runs from top to bottom.
func TestOwnTemplate(t *testing.T) {
	var n struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		}
	}
	if err := json.Unmarshal(kernelspec.Template(), &n); err != nil {
		t.Fatal(err)
	}
	k, ran := kerneltest.StartOwn(t), 0
	for _, c := range n.Cells {
		if c.Type == "code" {
			k.OK(t, strings.Join(c.Source, ""))
			ran++
		}
	}
	if ran < 4 {
		t.Errorf("%d cells", ran)
	}
}

// TestOwnFirstCell: the first cell of a new notebook in an empty folder has ended one second after the kernel is ready,
// where Go's cache is warm and the machine idle. What once took seconds of it on a busy machine does not happen: GoNB watches no file.
func TestOwnFirstCell(t *testing.T) {
	k := kerneltest.StartOwn(t)
	k.OK(t, "%%\nnb.Show(1)")
	k.Restart(t)
	c := k.Run(t, "%%\nnb.Show(\"first\")")
	t.Logf("first cell, warm cache, sent when the kernel is ready: %v", c.Took)
	if c.Status != "ok" || c.Took > 10*time.Second {
		t.Errorf("%q after %v: %s", c.Status, c.Took, c.Text())
	}
	for _, p := range k.Processes() {
		if !gonb(p) {
			continue
		}
		files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", p.PID))
		if err != nil || len(files) == 0 {
			t.Fatalf("files of GoNB: %v %v", files, err)
		}
		watched := 0
		for _, f := range files {
			b, _ := os.ReadFile(f) // one that was closed meanwhile watches nothing
			watched += strings.Count(string(b), "inotify wd:")
		}
		if watched > 0 {
			t.Errorf("GoNB watches %d files and folders", watched)
		}
		return
	}
	t.Error("no GoNB runs")
}
