package steer_test

import (
	"encoding/json"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// FuzzSweep: whatever settings arrive, a sweep gives a curve that can be written, or a mistake with a code.
func FuzzSweep(f *testing.F) {
	version := 0
	for _, task := range []steer.SweepTask{
		fake.Sweep(pair, 0, 1, 2).OnExamples(cities).Controls(2).Seed(3).With(steer.SetTo(pair, 2)),
		fake.Sweep(pair, -1).On(loved).System("The").MeasureIDs(8, -1).SkipBOS().SideEffects(france).Continue(3),
	} {
		q, err := task.Request()
		if err != nil {
			f.Fatal(err)
		}
		version = q.Version
		f.Add([]byte(q.Settings))
	}
	for _, s := range []string{
		`null`, `{}`, `{"neurons":[{"layer":0,"index":0}],"multipliers":[1e39],"cases":[{}],"controls":9223372036854775807}`,
		`{"neurons":[{"layer":-1,"index":0}],"multipliers":[0],"cases":[{"prompt":{"text":"I"},"target":{"how":"top"},"versus":{"how":"id","id":-5}}],"beside":true,"texts":["I",""],"continue":-1}`,
		`{"neurons":[{"layer":0,"index":0}],"multipliers":[0],"cases":[{"prompt":{"text":"I"},"target":{"how":"id","id":3},"versus":{"how":""}}],"without":[{"layer":7,"index":-3}],"controls":1,"beside":true,"texts":["I"],"continue":60}`,
	} {
		f.Add([]byte(s))
	}
	e, text := steertest.NewEngine(), steertest.NewText()
	f.Fuzz(func(t *testing.T, settings []byte) {
		var size struct {
			Controls    int
			Multipliers []float64
		}
		if json.Unmarshal(settings, &size) == nil && size.Controls > 0 && size.Controls*(1+len(size.Multipliers)) > 200 && size.Controls <= 10_000 {
			return // allowed, and long
		}
		rec, err := execute.Run(t.Context(), e, text, steer.Request{Kind: "sweep", Version: version, Settings: settings}, nil)
		if err != nil {
			for _, m := range engine.Mistakes(err) {
				if m.Code == steer.Internal || m.Text == "" {
					t.Fatalf("%s: %+v is no mistake of whoever asked", settings, m)
				}
			}
			return
		}
		c := fake.Sweep(pair).Result(func() steer.Record { return rec })
		if _, err := json.Marshal(c); err != nil || len(c.Doses()) == 0 || c.String() == "" {
			t.Fatalf("%s: %v %v", settings, c, err)
		}
	})
}
