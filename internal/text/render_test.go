package text

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func newRenderer(template string) *renderer {
	return &renderer{chat: chatConfig{template: template, tokens: map[string]string{"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}}}
}

// TestRenderAsJinja compares with what Python's Jinja renders; testdata/chat/render.py made the file.
func TestRenderAsJinja(t *testing.T) {
	data, err := os.ReadFile("testdata/chat/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Template, System, User, Text, Refusal string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 48 {
		t.Errorf("only %d cases", len(cases))
	}
	renderers := map[string]*renderer{}
	for _, c := range cases {
		if renderers[c.Template] == nil {
			source, err := os.ReadFile("testdata/chat/" + c.Template)
			if err != nil {
				t.Fatal(err)
			}
			renderers[c.Template] = newRenderer(string(source))
		}
		got, err := renderers[c.Template].render(engine.Conversation{System: c.System, User: c.User})
		if c.Refusal != "" {
			if !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), c.Refusal) {
				t.Errorf("%s, %q: the error is %v, it should hold %q", c.Template, c.User, err, c.Refusal)
			}
			continue
		}
		if err != nil || got != c.Text {
			t.Errorf("%s, %q: %v\n got %q\nwant %q", c.Template, c.User, err, got, c.Text)
		}
	}
}

func TestTemplatesThatCannotBe(t *testing.T) {
	for source, want := range map[string]string{
		`{{ (a if b else "") }}{% if %}`:                          "cannot read it",
		`{% for m in messages %}{{ m.content }}`:                  "cannot read it",
		`{{ messages | unknown_filter }}`:                         "unknown_filter",
		`{% include "/etc/passwd" %}`:                             "another file",
		`{{ range(10) | random }}`:                                "same text",
		`{% for i in range(99999) %}{{ "x" * 1000 }}{% endfor %}`: "more than 2 MiB",
		`{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}`:         "nested more than 200",
		strings.Repeat("x", 300<<10):                              "bytes",
		`{{ strftime_now("%Q") }}`:                                "%Q",
	} {
		got, err := newRenderer(source).render(engine.Conversation{User: "x"})
		var e *engine.Error
		if !errors.As(err, &e) || e.Code != engine.BadModel || e.Hint == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s renders %.80q, the error is %v", source, got, err)
		}
		if err != nil && (len(err.Error()) > 700 || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: the error is no readable line: %s", source, err)
		}
	}
}

// TestRefusalIsSpelled: what a template says is one line, in which nothing acts on a terminal.
func TestRefusalIsSpelled(t *testing.T) {
	_, err := newRenderer("{{ raise_exception('no\n\x1b[31mred \u202e') }}").render(engine.Conversation{User: "x"})
	if !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), `no \x1b[31mred \u202e`) {
		t.Errorf("the error is %q", err)
	}
}
