package steer_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// small returns a vector of the fake model with one number.
func small(t testing.TB, space steer.Site) steer.Vector {
	t.Helper()
	shape := steertest.NewEngine().Shape()
	row := make([]float32, map[bool]int{true: shape.Neurons, false: shape.Width}[space == steer.MLPNeurons])
	row[1] = 1
	v, err := steer.NewVector("small", space, shape, map[int][]float32{1: row})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// vectorTasks are the tasks of vectors and captures, each with its settings.
func vectorTasks(t testing.TB) map[string]requester {
	v := small(t, steer.Residual)
	cv, mean, at := fake.ControlVector(feelings()), fake.MeanActivations("a", "b"), fake.TopActivations(pair, "a")
	capture, parts, read := fake.Capture("a").From(steer.MLP), fake.Decompose(v), fake.Unembed(v.Layer(1))
	return map[string]requester{
		"vector": cv, "vector from": cv.From(steer.MLP), "vector of layers": cv.Layers(1, 1), "vector by PCA": cv.Method(steer.PCA),
		"vector in a chat": cv.Chat(), "vector with a system prompt": cv.System("s"), "vector with a prefill": cv.Prefill("p"), "vector, ablated": cv.With(steer.Ablate(pair)),
		"mean": mean, "mean of the twenty": fake.MeanActivations(), "mean of": mean.From(steer.Residual), "mean in a chat": mean.Chat(),
		"mean with a prefill": mean.Prefill("p"), "mean, ablated": mean.With(steer.Ablate(pair)), "mean with a system prompt": mean.System("s"),
		"top-activations": at, "contexts of another text": fake.TopActivations(pair, "b"), "contexts of another neuron": fake.TopActivations(steer.NewCircuit("", steer.Neuron{}), "a"),
		"contexts, moved": at.With(steer.AddVector(v, 1)),
		"capture":         capture, "capture more": capture.From(steer.MLPNeurons), "capture layers": capture.Layers(1, 1), "capture in a chat": capture.Chat(), "capture with a prefill": capture.Prefill("p"),
		"capture, moved": capture.With(steer.AddVector(v, 1)), "capture, moved more": capture.With(steer.AddVector(v, 2)),
		"decompose": parts, "decompose for": parts.For(pair), "decompose shorter": parts.Greedy(3), "decompose another": fake.Decompose(v.Scale(2)), "decompose MLP": fake.Decompose(small(t, steer.MLP)),
		"unembed": read, "unembed normed": read.Normed(), "unembed top": read.Top(3), "unembed another": fake.Unembed(v.Scale(2).Layer(1)),
		"lens": fake.LogitLens("a"), "lens top": fake.LogitLens("a").Top(5), "lens of another": fake.LogitLens("b"), "lens in a chat": fake.LogitLens("a").Chat(), "lens, moved": fake.LogitLens("a").With(steer.AddVector(v, 1)),
		"writes": fake.Writes(pair), "writes top": fake.Writes(pair).Top(3),
		"predict, moved": fake.Predict("a").With(steer.AddVector(v, 1)), "predict, moved at new text": fake.Predict("a").With(steer.AddVector(v, 1).GeneratedOnly()),
		"predict, MLP moved": fake.Predict("a").With(steer.AddVector(small(t, steer.MLP), 1)), "predict, neurons moved": fake.Predict("a").With(steer.AddVector(small(t, steer.MLPNeurons), 1)),
	}
}

// TestVectorRequests: whatever changes the numbers of a task changes its address, names do not, and each request runs.
func TestVectorRequests(t *testing.T) {
	seen := map[steer.Ref]string{}
	for name, task := range vectorTasks(t) {
		q := request(t, task)
		if was, ok := seen[q.Ref(id)]; ok {
			t.Errorf("%s has the address of %s", name, was)
		}
		seen[q.Ref(id)] = name
		rec, err := execute.Run(t.Context(), steertest.NewEngine(), steertest.NewText(), q, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := execute.Run(t.Context(), steertest.NewEngine(), steertest.NewText(), q, nil)
		if err != nil || string(again.Header.Body) != string(rec.Header.Body) {
			t.Errorf("%s: two runs give two bodies (%v)", name, err)
		}
		for k, x := range rec.Tensors {
			n := 1
			for _, d := range x.Shape {
				n *= d
			}
			if n != len(x.Data) || !x.Equal(again.Tensors[k]) {
				t.Errorf("%s: the tensor %s has the shape %v and %d numbers, or is another one the next time", name, k, x.Shape, len(x.Data))
			}
		}
	}
	v := small(t, steer.Residual)
	a, b := request(t, fake.Decompose(v).For(pair)), request(t, fake.Decompose(v.Named("other")).For(pair.Named("another")))
	if a.Ref(id) != b.Ref(id) {
		t.Error("a name changes an address")
	}
}

// TestVectorRequestJSON pins the bytes of the addresses, as TestRequestJSON does.
func TestVectorRequestJSON(t *testing.T) {
	one := steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"})
	for want, task := range map[string]requester{
		`{"kind":"control-vector","version":1,"settings":{"pairs":[{"positive":{"text":"a","chat":false,"system":"","prefill":""},"negative":{"text":"b","chat":false,"system":"","prefill":""}}],"space":"residual","lo":0,"hi":-1,"method":"mean-diff","edits":null}}`: fake.ControlVector(one),
		`{"kind":"capture","version":1,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"spaces":["attention","mlp"],"lo":1,"hi":2,"edits":null}}`:                                                                                                fake.Capture("a").From(steer.MLP, steer.Attention).Layers(1, 2),
		`{"kind":"mean-activations","version":1,"settings":{"texts":[{"text":"a","chat":true,"system":"","prefill":"p"}],"spaces":["neurons"],"edits":null}}`:                                                                                                            fake.MeanActivations("a").Prefill("p"),
		`{"kind":"top-activations","version":1,"settings":{"neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"texts":[{"text":"a","chat":false,"system":"","prefill":""}],"edits":null}}`:                                                                          fake.TopActivations(pair, "a"),
		`{"kind":"writes","version":1,"settings":{"neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"top":10}}`:                                                                                                                                                    fake.Writes(pair),
		`{"kind":"unembed","version":1,"settings":{"directions":["AACAPwAAAMA="],"normed":true,"top":10}}`:                                                                                                                                                               fake.Unembed([]float32{1, -2}).Normed(),
	} {
		got, err := json.Marshal(request(t, task))
		if err != nil || string(got) != want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, want)
		}
	}
}

// TestVectorMessages: a message is checked where it arrives, whoever made it.
func TestVectorMessages(t *testing.T) {
	e, text := steertest.NewEngine(), steertest.NewText()
	prompt := `{"text":"I"}`
	for _, c := range []struct {
		kind, settings string
		want           steer.Code
	}{
		{"control-vector", `{"pairs":[{"positive":` + prompt + `,"negative":{"text":"is"}}],"space":"soul","method":"pca","hi":-1}`, steer.BadRequest},
		{"control-vector", `{"pairs":[{"positive":` + prompt + `,"negative":{"text":"is"}}],"space":"mlp","method":"pca","lo":7,"hi":-1}`, steer.BadSetting},
		{"control-vector", `{"pairs":[],"space":"mlp","method":"pca"}`, steer.BadSetting},
		{"capture", `{"prompt":` + prompt + `,"spaces":["mlp","mlp"],"hi":-1}`, steer.BadRequest},
		{"capture", `{"prompt":` + prompt + `,"spaces":["mlp"],"lo":-9223372036854775808,"hi":9223372036854775807}`, steer.BadSetting},
		{"mean-activations", `{"texts":[],"spaces":["mlp"]}`, steer.BadSetting},
		{"mean-activations", `{"texts":[` + prompt + `],"spaces":["logits"]}`, steer.BadSetting},
		{"top-activations", `{"neurons":[{"layer":-1,"index":0}],"texts":[` + prompt + `]}`, steer.ModelMismatch},
		{"writes", `{"neurons":[{"layer":0,"index":9}],"top":1}`, steer.ModelMismatch},
		{"unembed", `{"directions":["AACAPw=="],"top":1}`, steer.ModelMismatch},
		{"unembed", `{"directions":["AACA"],"top":1}`, steer.BadRequest},
		{"decompose", `{"space":"residual","layers":[0],"vector":"AACAPw=="}`, steer.ModelMismatch},
		{"decompose", `{"space":"soul","layers":[0],"vector":""}`, steer.BadRequest},
	} {
		_, err := execute.Run(t.Context(), e, text, steer.Request{Kind: c.kind, Version: 1, Settings: json.RawMessage(c.settings)}, nil)
		if !errors.Is(err, c.want) {
			t.Errorf("%s %s gives %v, want the code %q", c.kind, c.settings, err, c.want)
		}
	}
	q := request(t, fake.Decompose(small(t, steer.Residual)))
	for _, layers := range []string{`"layers":[1,1]`, `"layers":[3]`, `"layers":[-1]`} {
		bad := q
		bad.Settings = json.RawMessage(strings.Replace(string(q.Settings), `"layers":[1]`, layers, 1))
		if _, err := execute.Run(t.Context(), e, text, bad, nil); !errors.Is(err, steer.BadRequest) {
			t.Errorf("%s: %v", layers, err)
		}
	}
}

// TestVectorEdited: tasks that read many prompts do so under interventions, whatever the prompts' lengths.
func TestVectorEdited(t *testing.T) {
	texts := []string{france, "I loved", "The capital"}
	cut := steer.Ablate(pair).SkipBOS()
	m := run(t, fake.MeanActivations(texts...).With(cut))
	where := run(t, fake.TopActivations(pair, texts...).With(cut))
	for _, n := range pair.Neurons() {
		var sum float64
		count := 0
		for i, x := range texts {
			a := run(t, fake.Capture(x).From(steer.MLPNeurons).With(cut))
			for pos, h := range a.Of(n) {
				if pos > 0 && h != 0 {
					t.Errorf("%v at %d of %q is %v", n, pos, x, h)
				}
				sum, count = sum+float64(h), count+1
			}
			if d := apart(a.Of(n), where.Activations(n, i)); d > 1e-6 {
				t.Errorf("%v in text %d is off by %v", n, i, d)
			}
		}
		if got := float64(m.Of(n)[0]); math.Abs(got-sum/float64(count)) > 1e-6 || got == 0 {
			t.Errorf("the mean of %v is %v, not %v", n, got, sum/float64(count))
		}
	}
	v := run(t, fake.ControlVector(feelings()).From(steer.MLPNeurons).With(steer.Ablate(steer.NewCircuit("", steer.Neuron{Layer: 1, Index: 3}))))
	if v.Layer(1)[3] != 0 || v.Layer(1)[7] == 0 {
		t.Error(v.Layer(1))
	}
}
