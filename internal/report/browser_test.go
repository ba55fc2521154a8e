//go:build browser

package report_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/report"
	"github.com/neuronsteer/neuronsteer/internal/trial"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// said is what scripts/page.py prints.
type said struct {
	Answers []struct {
		Rows []struct {
			Token  string     `json:"token"`
			Values []*float64 `json:"values"`
		} `json:"rows"`
		Before string `json:"before"`
		After  string `json:"after"`
		Status string `json:"status"`
	} `json:"answers"`
	Seconds  []float64 `json:"seconds"`
	Open     float64   `json:"open"`
	Start    float64   `json:"start_ms"`
	Requests []string  `json:"requests"`
	Console  []string  `json:"console"`
}

// TestPageComputes: in a browser without a network, the page answers another prompt, neurons that are switched off and other
// doses with the numbers of this program, within 1e-5, and makes no request.
func TestPageComputes(t *testing.T) {
	live, ok := report.ReadLive("../../bin")
	if !ok {
		t.Fatal("the engine of a page is not built; type: scripts/build.sh")
	}
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close(m)
	dir := t.TempDir()
	page := session(t, m, filepath.Join(dir, "page.html"), live)

	units := []string{"L0/N31", "L0/N122", "L5/N298", "L5/H2"}
	type step struct {
		Prompt string   `json:"prompt"`
		Target string   `json:"target"`
		Versus string   `json:"versus"`
		Dose   float64  `json:"dose"`
		Off    []string `json:"off"`
	}
	steps := []step{
		{"I loved the film. It was", " wonderful", " terrible", 1, []string{}},
		{"I hated the song. It was", " wonderful", " terrible", 1, []string{}},
		{"I hated the song. It was", " wonderful", " terrible", 1, units},
		{"I loved the film. It was", " wonderful", " terrible", 2.5, units[:1]},
		{"The keys to the cabinet", " are", " is", -1, units[1:3]},
		{"I loved the film. It was", " wonderful", " no such word", 1, []string{}},
	}
	b, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	trials := filepath.Join(dir, "trials.json")
	if err := os.WriteFile(trials, b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Getenv("NEURONSTEER_PYTHON"), "../../scripts/page.py", "--shot", "../../out/page", page, trials)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if strings.HasPrefix(string(out), "NOT RUN") && err == nil {
		t.Skip(string(out))
	}
	var got said
	if err != nil || json.Unmarshal(out, &got) != nil || len(got.Answers) != len(steps) {
		t.Fatalf("%v: %s", err, out)
	}
	for _, url := range got.Requests {
		if !strings.HasPrefix(url, "file://") && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asks for %s", url)
		}
	}
	if n := len(got.Requests); n == 0 {
		t.Error("no request was seen, not even that of the page: requests are not counted")
	}
	if len(got.Console) > 0 {
		t.Errorf("errors: %q", got.Console)
	}
	for i, s := range steps[:len(steps)-1] {
		q := trial.Question{Prompt: s.Prompt, Of: []string{s.Target, s.Versus}, Off: s.Off, Dose: s.Dose, MaxTokens: 12}
		for _, u := range units {
			if !strings.Contains(strings.Join(s.Off, " ")+" ", u+" ") {
				q.On = append(q.On, u)
			}
		}
		want, err := trial.Ask(t.Context(), m, q)
		if err != nil {
			t.Fatal(err)
		}
		a := got.Answers[i]
		if a.Before != want.Before.Text || a.After != want.After.Text {
			t.Errorf("%+v: the page goes on %q and %q, the program %q and %q", s, a.Before, a.After, want.Before.Text, want.After.Text)
		}
		if len(a.Rows) != len(want.Rows)+1 {
			t.Fatalf("%+v: %d rows, want %d and the difference", s, len(a.Rows), len(want.Rows))
		}
		worst := 0.
		for j, r := range want.Rows {
			for k, x := range []float64{r.Before.P, r.After.P, r.Before.Logit, r.After.Logit} {
				worst = max(worst, math.Abs(*a.Rows[j].Values[k]-x)/max(1, math.Abs(x)))
			}
		}
		last := a.Rows[len(want.Rows)].Values
		worst = max(worst, math.Abs(*last[2]-*want.Before.Difference), math.Abs(*last[3]-*want.After.Difference))
		if worst > 1e-5 {
			t.Errorf("%+v: the page is off by %.2g", s, worst)
		}
		t.Logf("%q ×%v, %d off: off by %.2g, %.2f s", s.Prompt, s.Dose, len(s.Off), worst, got.Seconds[i])
	}
	if a := got.Answers[len(steps)-1]; !strings.Contains(a.Status, "no such word") {
		t.Errorf("a word that is no token: %q", a.Status)
	}
	t.Logf("opened in %.2f s, engine started in %.2f s, first answer %.2f s after the first change", got.Open, got.Start/1000, got.Seconds[0])
}

// session makes the page of a session that has shown a circuit.
func session(t *testing.T, m *steer.Model, path string, live *report.Live) string {
	t.Helper()
	ask := m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible")
	r, err := ask.Request()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := m.Runner().Run(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	j := journal.Journal{Folder: t.TempDir()}
	w, err := j.Begin(journal.Cell{Key: "x", First: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	o := journal.Origin{Version: journal.Version, Type: "Circuit", Sources: []journal.Source{journal.NewSource(rec)},
		Circuit: &journal.Circuit{Name: "four", Units: []string{"L0/N31", "L0/N122", "L5/N298", "L5/H2"}}}
	if err := w.Add(journal.Entry{HTML: "<b>four</b>", Text: "four", Origin: o}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	doc, err := report.ReadSession(j.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Save(path, report.Options{Live: live}); err != nil {
		t.Fatal(err)
	}
	return path
}
