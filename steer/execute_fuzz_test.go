package steer_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// FuzzExecute: whatever settings arrive, Execute returns a record that can be written, or a mistake with a code.
func FuzzExecute(f *testing.F) {
	for _, q := range []requester{
		fake.Attribute("The capital of France is").Target(" Paris").VersusRunnerUp().Scale(pair, 2), fake.Predict("I").Of(" Paris").Ablate(pair),
		fake.Generate("I").MaxTokens(3), fake.Tokens("I</s>"), fake.Info(),
		fake.Attribute("I").TargetText(" Sacramento"), fake.Attribute("I").TargetTop().At(0).KeepBOS(),
		fake.Behavior(capitals()).VersusRunnerUp(), fake.Behavior(capitals()).WholeAnswers().With(steer.Ablate(pair).SkipBOS()),
		fake.Contrast(opposites()).OverAnswer(), fake.Universal(),
	} {
		r, err := q.Request()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Kind, r.Version, []byte(r.Settings))
	}
	for _, q := range vectorTasks(f) {
		r, err := q.Request()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Kind, r.Version, []byte(r.Settings))
	}
	for _, s := range []string{
		`{"prompt":{"text":"I"},"of":null,"top":-1,"edits":null}`,
		`{"prompt":{"text":"I"},"of":[{"how":"id","id":-5}],"top":1,"edits":[{"op":"set","neurons":[{"layer":-1,"index":0}],"x":1e300}]}`,
		`{"prompt":{"text":"I"},"maxTokens":9223372036854775807,"ignoreEnd":true,"edits":null}`,
		`{"prompt":{"text":"I"},"metric":{"target":{"how":"guess"},"versus":{"how":"runner-up"},"positions":[-9223372036854775808]},"rule":"x"}`,
		`{"examples":[{"prompt":{"text":"I"},"metric":{"target":{"how":"answer","text":" a"},"positions":[-1]}},{"prompt":{"text":"I"},"metric":{"target":{"how":"id"},"positions":[-1]}}],"rule":"relp"}`,
		`{"pairs":[{"positive":{"text":"I","prefill":"x"},"negative":{"text":"I"}}],"answer":true}`, `{"texts":["","I"]}`,
		`{"prompt":{"text":"I"},"prompts":[{"text":"I"}],"maxTokens":2,"repetitionPenalty":-1,"stop":[""],"sampling":{"temperature":1e-300,"topK":-1,"topP":0,"minP":2,"seed":1}}`,
		`{"prompt":{"text":"I"},"maxTokens":3,"repetitionPenalty":1e38,"stop":["a","ab"],"sampling":{"temperature":1e-300,"topK":3,"topP":1e-300,"minP":1,"seed":18446744073709551615}}`,
		`null`, `[]`, `{`, ``,
	} {
		for _, kind := range []string{"attribute", "predict", "generate", "tokens", "model", "behavior", "contrast", "universal", "guess", "control-vector", "capture", "mean-activations",
			"generate-each", "top-activations", "writes", "unembed", "decompose", "logit-lens"} {
			f.Add(kind, 1, []byte(s))
			f.Add(kind, 2, []byte(s))
		}
	}
	e, text := steertest.NewEngine(), steertest.NewText()
	f.Fuzz(func(t *testing.T, kind string, version int, settings []byte) {
		rec, err := execute.Run(t.Context(), e, text, steer.Request{Kind: kind, Version: version, Settings: settings}, nil)
		if err != nil {
			for _, m := range engine.Mistakes(err) {
				if m.Code == steer.Internal || m.Text == "" {
					t.Fatalf("%s %s: %+v is no mistake of whoever asked", kind, settings, m)
				}
			}
			return
		}
		if !json.Valid(rec.Header.Body) {
			t.Fatalf("%s %s: body %q", kind, settings, rec.Header.Body)
		}
	})
}

// FuzzTokenText: any word in an error keeps the message readable: one line, valid text.
func FuzzTokenText(f *testing.F) {
	for _, s := range []string{" Sacramento", "a\nb", "\u202e\"", "\xff", "", "漢\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, err := fake.Attribute("I").Target(s).Versus("I" + s).Run(t.Context())
		if err == nil {
			return
		}
		for _, m := range engine.Mistakes(err) {
			for _, r := range m.Error() {
				if r == '\n' || r == '\u202e' || r == 0 {
					t.Fatalf("the message %q holds %q as it is", m.Error(), r)
				}
			}
			if !utf8.ValidString(m.Error()) || errors.Is(m, steer.Internal) {
				t.Fatalf("%+v", m)
			}
		}
	})
}
