package text

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jinja"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxRendering bounds how long a template renders. Its steps are bounded, so only a machine that is very busy gets there.
const maxRendering = 9 * time.Second

// A renderer is a chat template, parsed when it is first needed: a model whose template cannot be read still reads text.
type renderer struct {
	chat chatConfig
	once sync.Once
	t    *jinja.Template
	err  error
}

// render returns what the template makes of a conversation, ready for the answer to begin.
func (r *renderer) render(c engine.Conversation) (string, error) {
	r.once.Do(func() { r.t, r.err = jinja.Parse(r.chat.template) })
	if r.err != nil {
		return "", asRaw("this program cannot read it", r.err)
	}
	vars := map[string]any{"messages": messages(c), "add_generation_prompt": true, "tools": nil, "documents": nil}
	for name, text := range r.chat.tokens {
		vars[name] = text
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxRendering)
	defer cancel()
	text, err := r.t.Render(ctx, vars)
	var refused *jinja.Raised
	switch {
	case errors.As(err, &refused):
		return "", engine.Errorf(engine.BadSetting, "chat template", "the template of this model refuses: %s", short(refused.Text)).
			Try("leave out System (put it at the beginning of the prompt), or write the whole prompt as raw text without Chat")
	case errors.Is(err, context.DeadlineExceeded):
		return "", asRaw("it cannot be rendered", fmt.Errorf("it takes more than %v", maxRendering))
	case err != nil:
		return "", asRaw("it cannot be rendered", err)
	}
	return text, nil
}

// asRaw is the error of a template that is of no use.
func asRaw(what string, err error) error {
	return engine.Errorf(engine.BadModel, "chat template", "%s: %s", what, short(err.Error())).
		Try("write the whole prompt as raw text, markers included, without Chat, System and Prefill")
}

// messages returns the conversation as a template expects it. A system prompt that is not given has no message, so that a
// template's own takes its place.
func messages(c engine.Conversation) jinja.List {
	message := func(role, content string) jinja.Dict {
		return jinja.Dict{{Key: "role", Value: role}, {Key: "content", Value: content}}
	}
	var all jinja.List
	if c.System != "" {
		all = append(all, message("system", c.System))
	}
	return append(all, message("user", c.User))
}

// short returns a text on one line of a readable length, with what a terminal would obey spelled.
func short(s string) string {
	const most = 300
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	var b strings.Builder
	for _, r := range s {
		if strconv.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
