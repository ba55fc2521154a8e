package steer_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// requester is what every task can do without its type.
type requester interface {
	Request() (steer.Request, error)
}

func request(t *testing.T, r requester) steer.Request {
	t.Helper()
	q, err := r.Request()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

var (
	fake = steertest.NewModel()
	pair = steer.NewCircuit("pair", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 0, Index: 1})
	id   = steer.Identity{Model: "m", Tokenizer: "t"}
)

// TestRequestJSON: these bytes are part of every content address. If a line here has to change, the results of the old
// requests can no longer be found: raise the version of that kind in the same commit.
func TestRequestJSON(t *testing.T) {
	for _, c := range []struct {
		task requester
		want string
	}{
		{fake.Attribute("The capital of France is").Target(" Paris"), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"The capital of France is","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"text","text":" Paris"},"versus":{"how":""},"positions":[-1]},"rule":"relp","edits":null}}`},
		{fake.Attribute("a\n<b>").TargetID(8).VersusID(9).At(0, -1).Rule(steer.Frozen).Ablate(pair).Scale(pair, 1.5), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"a\n\u003cb\u003e","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"id","id":8},"versus":{"how":"id","id":9},"positions":[0,-1]},"rule":"frozen","edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":0,"scope":"all"},{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":1.5,"scope":"all"}]}}`},
		{fake.Attribute("a").Target(" b").VersusRunnerUp().SkipFirst().LastPositions(3), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"text","text":" b"},"versus":{"how":"runner-up"},"positions":[-1]},"rule":"relp","edits":null}}`},
		{fake.Attribute("a").Metric(steer.Logit(" b").Times(.5).Times(-4), steer.LogitID(7).At(0)).Rule(steer.IntegratedGradients(20)), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"metric":{"target":{"how":""},"versus":{"how":""},"positions":[-1],"terms":[{"token":{"how":"text","text":" b"},"weight":-2,"position":-1},{"token":{"how":"id","id":7},"weight":1,"position":0}]},"rule":"integrated-gradients:20","edits":null}}`},
		{fake.Predict("a"), `{"kind":"predict","version":2,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"of":null,"top":10,"edits":null}}`},
		{fake.Predict("a").Of(" b", " c").Top(3).Ablate(pair), `{"kind":"predict","version":2,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"of":[{"how":"text","text":" b"},{"how":"text","text":" c"}],"top":3,"edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":0,"scope":"all"}]}}`},
		{fake.Generate("a"), `{"kind":"generate","version":2,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"maxTokens":50,"ignoreEnd":false,"edits":null}}`},
		{fake.Generate("a").MaxTokens(8).IgnoreEnd().Scale(pair, -2), `{"kind":"generate","version":2,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"maxTokens":8,"ignoreEnd":true,"edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":-2,"scope":"all"}]}}`},
		{fake.Attribute("a").TargetTop().Chat().System("b").Prefill("c").KeepBOS(), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"a","chat":true,"system":"b","prefill":"c"},"metric":{"target":{"how":"top"},"versus":{"how":""},"positions":[-1]},"rule":"relp","edits":null}}`},
		{fake.Attribute("a").TargetText(" b c").With(steer.Scale(pair, 2).PromptOnly().SkipBOS(), steer.Clamp(pair, -1, math.Inf(1))), `{"kind":"attribute","version":3,"settings":{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"answer","text":" b c"},"versus":{"how":""},"positions":[-1]},"rule":"relp","edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":2,"scope":"prompt","skipBOS":true},{"op":"clamp","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":0,"lo":-1,"scope":"all"}]}}`},
		{fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Versus: " c", Split: "test"}, steer.Example{Prompt: "d", Target: " e", System: "f"})).VersusRunnerUp(), `{"kind":"behavior","version":2,"settings":{"examples":[{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"text","text":" b"},"versus":{"how":"text","text":" c"},"positions":[-1]}},{"prompt":{"text":"d","chat":true,"system":"f","prefill":""},"metric":{"target":{"how":"text","text":" e"},"versus":{"how":"runner-up"},"positions":[-1]}}],"rule":"relp","edits":null}}`},
		{fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a"})).TargetTop().Chat().At(-2).Rule(steer.Gradient).Ablate(pair), `{"kind":"behavior","version":2,"settings":{"examples":[{"prompt":{"text":"a","chat":true,"system":"","prefill":""},"metric":{"target":{"how":"top"},"versus":{"how":""},"positions":[-2]}}],"rule":"gradient","edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":0,"scope":"all"}]}}`},
		{fake.Behavior(steer.NewExamples(steer.Example{Prompt: "a", Target: " b c", Versus: " d"})).WholeAnswers().SkipFirst().LastPositions(2), `{"kind":"behavior","version":2,"settings":{"examples":[{"prompt":{"text":"a","chat":false,"system":"","prefill":""},"metric":{"target":{"how":"answer","text":" b c"},"versus":{"how":""},"positions":[-1]}}],"rule":"relp","edits":null}}`},
		{fake.Contrast(steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"}, steer.Pair{Positive: "c", Negative: "d", Prefill: "e"})).ReferenceLayers(), `{"kind":"contrast","version":1,"settings":{"pairs":[{"positive":{"text":"a","chat":false,"system":"","prefill":""},"negative":{"text":"b","chat":false,"system":"","prefill":""}},{"positive":{"text":"c","chat":true,"system":"","prefill":"e"},"negative":{"text":"d","chat":true,"system":"","prefill":"e"}}],"answer":false,"edits":null}}`},
		{fake.Contrast(steer.NewPairs(steer.Pair{Positive: "a", Negative: "b"})).OverAnswer().System("f").Scale(pair, 2), `{"kind":"contrast","version":1,"settings":{"pairs":[{"positive":{"text":"a","chat":true,"system":"f","prefill":""},"negative":{"text":"b","chat":true,"system":"f","prefill":""}}],"answer":true,"edits":[{"op":"scale","neurons":[{"layer":0,"index":1},{"layer":1,"index":2}],"x":2,"scope":"all"}]}}`},
		{fake.Universal("a", "b").PerLayer(10).In(.5), `{"kind":"universal","version":2,"settings":{"texts":[{"text":"a","chat":false,"system":"","prefill":""},{"text":"b","chat":false,"system":"","prefill":""}],"edits":null}}`},
		{fake.Tokens("a"), `{"kind":"tokens","version":1,"settings":{"text":"a"}}`},
		{fake.Info(), `{"kind":"model","version":2,"settings":{}}`},
	} {
		q := request(t, c.task)
		got, err := json.Marshal(q)
		if err != nil || string(got) != c.want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, c.want)
		}
		var back steer.Request
		if err := json.Unmarshal(got, &back); err != nil || back.Ref(id) != q.Ref(id) {
			t.Errorf("%s: the address changes on its way through JSON (%v)", q.Kind, err)
		}
	}
}

// TestRefGolden pins how an address is made; a change here loses every stored result.
func TestRefGolden(t *testing.T) {
	q := request(t, fake.Attribute("a").Target(" b"))
	if got, want := q.Ref(id).String(), "86cda84202af6301341eb0ef247f0eff1e70682946223ae3547c9abc549f6e93"; got != want {
		t.Errorf("Ref %s, want %s", got, want)
	}
	if got := q.Ref(id).Short(); got != q.Ref(id).String()[:8] {
		t.Errorf("Short %s", got)
	}
}

// TestRefChanges: whatever changes the numbers changes the address.
func TestRefChanges(t *testing.T) {
	base := fake.Attribute("a").Target(" b")
	seen := map[steer.Ref]string{}
	add := func(name string, r steer.Ref) {
		if was, ok := seen[r]; ok {
			t.Errorf("%s has the address of %s", name, was)
		}
		seen[r] = name
	}
	for name, q := range map[string]requester{
		"base": base, "prompt": fake.Attribute("a ").Target(" b"), "target": base.Target(" c"), "target id": base.TargetID(7),
		"another id": base.TargetID(8), "versus": base.Versus(" c"), "versus id": base.VersusID(7), "runner-up": base.VersusRunnerUp(),
		"at": base.At(-2), "two positions": base.At(-1, -2), "rule": base.Rule(steer.Frozen), "gradient": base.Rule(steer.Gradient),
		"ablated": base.Ablate(pair), "scaled": base.Scale(pair, 2), "scaled twice": base.Scale(pair, 2).Scale(pair, 2),
		"fewer":   base.Ablate(steer.NewCircuit("", pair.Neurons()[0])),
		"predict": fake.Predict("a"), "predict of": fake.Predict("a").Of(" b"), "predict top": fake.Predict("a").Top(3), "predict ablated": fake.Predict("a").Ablate(pair),
		"generate": fake.Generate("a"), "max": fake.Generate("a").MaxTokens(9), "ignore end": fake.Generate("a").IgnoreEnd(), "generate ablated": fake.Generate("a").Ablate(pair),
		"top": base.TargetTop(), "answer": base.TargetText(" b"), "chat": base.Chat(), "system": base.System("s"), "prefill": base.Prefill("p"),
		"scoped": base.With(steer.Ablate(pair).PromptOnly()), "without BOS": base.With(steer.Ablate(pair).SkipBOS()),
		"behavior": fake.Behavior(capitals()), "fewer examples": fake.Behavior(capitals().Train()), "behavior, whole": fake.Behavior(capitals()).WholeAnswers(),
		"behavior, rule": fake.Behavior(capitals()).Rule(steer.Frozen), "behavior, at": fake.Behavior(capitals()).At(-2), "behavior, ablated": fake.Behavior(capitals()).Ablate(pair),
		"behavior, chat": fake.Behavior(capitals()).Chat(), "behavior, system": fake.Behavior(capitals()).System("s"), "behavior, prefill": fake.Behavior(capitals()).Prefill("p"),
		"contrast": fake.Contrast(opposites()), "contrast, answer": fake.Contrast(opposites()).OverAnswer(), "contrast, ablated": fake.Contrast(opposites()).Ablate(pair),
		"contrast, chat": fake.Contrast(opposites()).Chat(), "universal": fake.Universal(), "universal, texts": fake.Universal("a"),
		"tokens": fake.Tokens("a"), "other tokens": fake.Tokens("b"), "info": fake.Info(),
	} {
		add(name, request(t, q).Ref(id))
	}
	q := request(t, base)
	for name, other := range map[string]steer.Identity{
		"model": {Model: "n", Tokenizer: "t"}, "tokenizer": {Model: "m", Tokenizer: "u"},
		"backend":   {Model: "m", Tokenizer: "t", Backend: "x"},
		"precision": {Model: "m", Tokenizer: "t", Precision: "x"},
		"build":     {Model: "m", Tokenizer: "t", Build: "x"},
	} {
		add("identity: "+name, q.Ref(other))
	}
	newer := q
	newer.Version++
	add("version", newer.Ref(id))
}

// TestRefKeeps: what people call a thing, how a neuron list is ordered and what is looked at changes no address.
func TestRefKeeps(t *testing.T) {
	base := fake.Attribute("a").Target(" b").Ablate(pair)
	want := request(t, base).Ref(id)
	turned := steer.NewCircuit("turned", pair.Neurons()[1], pair.Neurons()[0], pair.Neurons()[1])
	for name, q := range map[string]requester{
		"the circuit's name":   fake.Attribute("a").Target(" b").Ablate(pair.Named("other")),
		"order of the neurons": fake.Attribute("a").Target(" b").Ablate(turned),
		"SkipFirst":            base.SkipFirst(),
		"LastPositions":        base.LastPositions(2),
		"KeepBOS":              base.KeepBOS(),
		"the model's name":     steer.New("another", fake.Runner()).Attribute("a").Target(" b").Ablate(pair),
		"a setting put back":   base.Rule(steer.Frozen).Rule(steer.RelP).At(-2).At(-1),
	} {
		if got := request(t, q).Ref(id); got != want {
			t.Errorf("%s changes the address", name)
		}
	}
	loose := request(t, base)
	loose.Settings = append([]byte(" "), bytes.ReplaceAll(loose.Settings, []byte(`":`), []byte(`": `))...)
	if loose.Ref(id) != want {
		t.Error("white space in the settings changes the address")
	}
	if (steer.Request{Settings: json.RawMessage("{")}).Ref(id) != (steer.Ref{}) {
		t.Error("settings that are not JSON have an address")
	}
}
