package steer_test

import (
	"encoding/json"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestSweepRequestJSON: these bytes are part of every content address; see TestRequestJSON.
func TestSweepRequestJSON(t *testing.T) {
	const circuit = `"neurons":[{"layer":0,"index":1},{"layer":1,"index":2}]`
	for _, c := range []struct {
		task steer.SweepTask
		want string
	}{
		{fake.Sweep(pair, 2, 0).On("a").Measure(" b", " c"),
			`{"kind":"sweep","version":1,"settings":{` + circuit + `,"multipliers":[0,2],"cases":[{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"target":{"how":"text","text":" b"},"versus":{"how":"text","text":" c"}}],"controls":0,"without":null,"seed":0,"skipBOS":false,"edits":null,"beside":false,"texts":null,"continue":0}}`},
		{fake.Sweep(pair.Named("other"), 1).OnExamples(steer.NewExamples(steer.Example{Prompt: "a", Target: " b", System: "s"})).Controls(5).
			ControlsWithout(steer.NewNeuronSet("on", steer.Neuron{Layer: 2, Index: 0})).Seed(7).SkipBOS().With(steer.Ablate(pair)).SideEffects("x").Continue(9),
			`{"kind":"sweep","version":1,"settings":{` + circuit + `,"multipliers":[1],"cases":[{"prompt":{"text":"a","chat":true,"system":"s","prefill":""},"target":{"how":"text","text":" b"},"versus":{"how":""}}],"controls":5,"without":[{"layer":2,"index":0}],"seed":7,"skipBOS":true,"edits":[{"op":"scale",` + circuit + `,"x":0,"scope":"all"}],"beside":true,"texts":["x"],"continue":9}}`},
	} {
		got, err := json.Marshal(request(t, c.task))
		if err != nil || string(got) != c.want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, c.want)
		}
	}
}

// TestSweepLazy: nothing is fetched before a number is needed, and then once.
func TestSweepLazy(t *testing.T) {
	c, n := counted(t, fake.Sweep(pair, 0, 1).OnExamples(cities).Controls(2).SideEffects(loved).Continue(2))
	named := c.Named("dose")
	if named.Name() != "dose" || *n != 0 {
		t.Fatalf("%d fetches before a number was needed", *n)
	}
	_, _ = c.Doses(), named.Trend()
	_, _, _ = c.String(), c.CSV(), c.Warnings()
	_, _ = c.SideEffects(), c.Controls()
	if _, err := c.MarshalJSON(); err != nil || *n != 1 {
		t.Errorf("%d fetches, want 1; %v", *n, err)
	}
}
