package gonbext

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/neuronsteer/neuronsteer/steer"
)

// liveScript is a function of the element that it makes live and of a page.
//
//go:embed live.js
var liveScript string

// A page is what the script knows.
type page struct {
	Kernel   string     `json:"kernel,omitempty"` // whose process answers; empty: none does
	Model    string     `json:"model"`
	Units    []pageUnit `json:"units"`
	Switches bool       `json:"switches"`
	Predict  *pageTask  `json:"predict,omitempty"`
	Generate *pageTask  `json:"generate,omitempty"`
	Doses    []pageDose `json:"doses"`
}

// A pageUnit is a neuron or head.
type pageUnit struct {
	Label string `json:"label"`
	Layer int    `json:"layer"`
	JSON  string `json:"json"` // as it stands in a request
}

// A pageTask is what makes the requests of a task. Settings are text, cut where the neurons and the multiplier stand: a script
// that read them as numbers and wrote them again would ask for something else, under another address.
type pageTask struct {
	Kind    string    `json:"kind"`
	Version int       `json:"version"`
	Base    string    `json:"base"`    // settings without the circuit
	Steered [3]string `json:"steered"` // settings before the neurons, between them and the multiplier, and after it
}

// A pageDose is what was computed beforehand: the bodies of records, without what the page does not show.
type pageDose struct {
	X    float64      `json:"x"`
	Of   []pageRanked `json:"of,omitempty"`
	Top  []pageRanked `json:"top,omitempty"`
	Text *string      `json:"text,omitempty"`
}

type pageRanked struct {
	Text        string  `json:"text"`
	Logit       float64 `json:"logit"`
	Probability float64 `json:"probability"`
	Rank        int     `json:"rank"`
}

// mostListed is how many of the likeliest tokens are redrawn.
const mostListed = 5

// bundle returns the card, and beside it what makes it live.
func (l *live) bundle() (bundle, error) {
	c := l.card()
	if l.predict != nil {
		c.under(l.unsteered().prediction)
	} else {
		c.under(l.unsteered().generation)
	}
	b := c.bundle()
	p, err := l.page()
	if err != nil {
		return b, err
	}
	data, err := json.Marshal(p) // writes < as <, so nothing in it ends the script
	if err != nil {
		return b, err
	}
	id := "neuronsteer-live-" + gonbui.UniqueId()
	b.still = b.html
	b.html = `<div id="` + id + `">` + b.html + "</div>\n<script>\n(" + liveScript + `)(document.getElementById("` + id + `"), ` + string(data) + ");\n</script>"
	return b, nil
}

// page returns what the script needs.
func (l *live) page() (page, error) {
	ns := l.circuit.Neurons()
	p := page{Model: l.model().Name(), Switches: len(ns) <= mostSwitches}
	if _, ok := l.model().Runner().(*connection); ok {
		p.Kernel = os.Getenv("GONB_JUPYTER_KERNEL_ID")
	}
	for _, n := range ns {
		b, err := json.Marshal(n)
		if err != nil {
			return p, err
		}
		p.Units = append(p.Units, pageUnit{n.String(), n.Layer, string(b)})
	}
	var err error
	if l.predict != nil {
		if p.Predict, err = newPageTask(*l.predict, l.predict.Scale(l.circuit, mark)); err != nil {
			return p, err
		}
	}
	if l.generate != nil {
		if p.Generate, err = newPageTask(*l.generate, l.generate.Scale(l.circuit, mark)); err != nil {
			return p, err
		}
	}
	for _, d := range l.doses {
		one := pageDose{X: d.x}
		if l.predict != nil {
			top := d.prediction.Top()
			one.Of, one.Top = pageRanks(d.prediction.Of()), pageRanks(top[:min(len(top), mostListed)])
		}
		if l.generate != nil {
			s := d.generation.Text()
			one.Text = &s
		}
		p.Doses = append(p.Doses, one)
	}
	return p, nil
}

func pageRanks(rs []steer.Ranked) []pageRanked {
	out := make([]pageRanked, len(rs))
	for i, r := range rs {
		out[i] = pageRanked{r.Text, r.Logit, r.Probability, r.Rank}
	}
	return out
}

// mark is a multiplier that is cut out of a request.
const mark = 0.5

// newPageTask cuts the settings of a task, the last of whose interventions multiplies by mark.
func newPageTask(base, steered job) (*pageTask, error) {
	b, err := base.Request()
	if err != nil {
		return nil, err
	}
	s, err := steered.Request()
	if err != nil {
		return nil, err
	}
	var settings struct {
		Edits []json.RawMessage `json:"edits"`
	}
	if err := json.Unmarshal(s.Settings, &settings); err != nil {
		return nil, err
	}
	whole := settings.Edits[len(settings.Edits)-1]
	var edit struct {
		Neurons json.RawMessage `json:"neurons"`
	}
	if err := json.Unmarshal(whole, &edit); err != nil {
		return nil, err
	}
	// A text of the settings cannot hold the intervention: its quotes would be escaped.
	before, after, ok := bytes.Cut(s.Settings, whole)
	for ok && bytes.Contains(after, whole) { // the task's own intervention is the same: the last one is meant
		var more []byte
		more, after, ok = bytes.Cut(after, whole)
		before = bytes.Join([][]byte{before, more}, whole)
	}
	head, tail, found := bytes.Cut(whole, edit.Neurons)
	between, end, cut := bytes.Cut(tail, []byte(`"x":0.5`))
	if !ok || !found || !cut {
		return nil, errors.New("the settings of the request are not what they were")
	}
	return &pageTask{s.Kind, s.Version, string(b.Settings), [3]string{string(before) + string(head), string(between) + `"x":`, string(end) + string(after)}}, nil
}
