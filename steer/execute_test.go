package steer_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestExecuteRefuses: a message is checked where it arrives, whoever made it.
func TestExecuteRefuses(t *testing.T) {
	e, text := steertest.NewEngine(), steertest.NewText()
	for _, c := range []struct {
		name, kind, settings string
		version              int
		want                 steer.Code
	}{
		{"unknown kind", "guess", `{}`, 1, steer.BadRequest},
		{"newer version", "predict", `{"prompt":{"text":"I"},"top":1}`, 3, steer.BadRequest},
		{"unknown setting", "predict", `{"prompt":{"text":"I"},"top":1,"mood":"good"}`, 2, steer.BadRequest},
		{"setting of another type", "predict", `{"prompt":7}`, 2, steer.BadRequest},
		{"no settings", "generate", ``, 2, steer.BadRequest},
		{"empty prompt in a chat", "attribute", `{"prompt":{"text":"","chat":true},"metric":{"target":{"how":"id","id":1},"positions":[-1]},"rule":"relp"}`, 3, steer.EmptyPrompt},
		{"no target", "attribute", `{"prompt":{"text":"I"},"metric":{"positions":[-1]},"rule":"relp"}`, 3, steer.BadSetting},
		{"no position", "attribute", `{"prompt":{"text":"I"},"metric":{"target":{"how":"id","id":1}},"rule":"relp"}`, 3, steer.BadSetting},
		{"unknown rule", "attribute", `{"prompt":{"text":"I"},"metric":{"target":{"how":"id","id":1},"positions":[-1]},"rule":"guess"}`, 3, steer.BadSetting},
		{"unknown way to name a token", "attribute", `{"prompt":{"text":"I"},"metric":{"target":{"how":"guess"},"positions":[-1]},"rule":"relp"}`, 3, steer.BadRequest},
		{"nothing to list", "predict", `{"prompt":{"text":"I"},"top":-1}`, 2, steer.BadSetting},
		{"unknown intervention", "predict", `{"prompt":{"text":"I"},"top":1,"edits":[{"op":"mood","x":1,"scope":"all"}]}`, 2, steer.BadRequest},
		{"a head that is set", "predict", `{"prompt":{"text":"I"},"top":1,"edits":[{"op":"set","neurons":[{"layer":1,"index":0,"head":true}],"x":1,"scope":"all"}]}`, 2, steer.BadSetting},
		{"a head of no model", "predict", `{"prompt":{"text":"I"},"top":1,"edits":[{"op":"scale","neurons":[{"layer":1,"index":2,"head":true}],"x":1,"scope":"all"}]}`, 2, steer.ModelMismatch},
		{"multiplier past float32", "generate", `{"prompt":{"text":"I"},"maxTokens":1,"edits":[{"op":"scale","x":1e300,"scope":"all"}]}`, 2, steer.BadRequest},
		{"no new token", "generate", `{"prompt":{"text":"I"},"maxTokens":0}`, 2, steer.BadSetting},
	} {
		_, err := execute.Run(t.Context(), e, text, steer.Request{Kind: c.kind, Version: c.version, Settings: json.RawMessage(c.settings)}, nil)
		if !errors.Is(err, c.want) {
			t.Errorf("%s gives %v, want the code %q", c.name, err, c.want)
		}
	}
}

// TestExecuteCanceled: nothing is computed for a request that nobody waits for.
func TestExecuteCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, q := range []requester{fake.Info(), fake.Tokens("I"), fake.Predict("I"), fake.Generate("I"), fake.Attribute("I").Target(" Paris")} {
		r := request(t, q)
		if _, err := execute.Run(ctx, steertest.NewEngine(), steertest.NewText(), r, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s gives %v, want context.Canceled", r.Kind, err)
		}
	}
}

// TestExecuteHeader: a record says what was asked and what did the work.
func TestExecuteHeader(t *testing.T) {
	q := request(t, fake.Predict("I"))
	rec, err := execute.Run(t.Context(), steertest.NewEngine(), steertest.NewText(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rec.Header.Request.Ref(id) != q.Ref(id) || rec.Header.Engine != steertest.NewEngine().Name() {
		t.Errorf("%+v", rec.Header)
	}
}
