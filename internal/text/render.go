package text

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/nikolalohinski/gonja/v2/builtins"
	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/loaders"
)

// maxRendered bounds what a template may write, in bytes: far more than any model reads, far less than memory.
const maxRendered = 16 << 20

// A renderer is a chat template, parsed when it is first needed: a model whose template cannot be read still reads text.
type renderer struct {
	chat chatConfig
	once sync.Once
	t    *exec.Template
	err  error
}

// render returns what the template makes of messages, ready for the answer to begin.
func (r *renderer) render(c engine.Conversation) (text string, err error) {
	defer fence(&err)
	r.once.Do(func() { r.t, r.err = parseTemplate(r.chat.template) })
	if r.err != nil {
		return "", r.err
	}
	vars := map[string]any{"messages": messages(c), "add_generation_prompt": true, "tools": nil, "documents": nil, callsName: new(int)}
	for name, text := range r.chat.tokens {
		vars[name] = text
	}
	var refused error // what the template itself says, without the library's words around it
	vars["raise_exception"] = func(text string) (string, error) {
		refused = errors.New(text)
		return "", refused
	}
	out := &bounded{}
	err = r.t.Execute(out, exec.NewContext(vars))
	switch {
	case refused != nil:
		return "", engine.Errorf(engine.BadSetting, "chat template", "the template of this model refuses: %v", refused).
			Try("leave out System (put it at the beginning of the prompt), or write the whole prompt as raw text without Chat")
	case err != nil:
		return "", engine.Errorf(engine.BadModel, "chat template", "it cannot be rendered: %s", short(err)).
			Try("write the whole prompt as raw text, markers included, without Chat, System and Prefill")
	}
	return out.String(), nil
}

// fence turns a panic of the library into an error: it throws on some templates that it cannot read.
func fence(err *error) {
	if p := recover(); p != nil {
		*err = unreadable(fmt.Errorf("the library that reads it stops: %v", p))
	}
}

// unreadable is the error of a template that the library cannot parse.
func unreadable(err error) error {
	return engine.Errorf(engine.BadModel, "chat template", "this program cannot read it: %s", short(err)).
		Try("write the whole prompt as raw text, markers included, without Chat, System and Prefill")
}

// bounded is a buffer that refuses to grow past maxRendered.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxRendered {
		return 0, fmt.Errorf("it writes more than %d MiB", maxRendered>>20)
	}
	return b.Buffer.Write(p)
}

// WriteString keeps the embedded buffer's own method, which knows no bound, out of the way.
func (b *bounded) WriteString(s string) (int, error) { return b.Write([]byte(s)) }

// parseTemplate parses a template with the settings of transformers' own Jinja environment: trim_blocks, lstrip_blocks.
func parseTemplate(source string) (t *exec.Template, err error) {
	defer fence(&err)
	if err := readableTemplate(source); err != nil {
		return nil, unreadable(err)
	}
	settings := config.New()
	settings.TrimBlocks, settings.LeftStripBlocks = true, true
	env, err := environment()
	if err != nil {
		return nil, err
	}
	const name = "/chat_template.jinja"
	files, err := loaders.NewMemoryLoader(map[string]string{name: source}) // no other file can be included
	if err != nil {
		return nil, engine.Errorf(engine.Internal, "chat template", "%v", err)
	}
	if t, err = exec.NewTemplate(name, settings, files, env); err != nil {
		return nil, unreadable(errors.New(strings.ReplaceAll(err.Error(), source, "…"))) // the library quotes all of it
	}
	return t, nil
}

// The bounds of a template. The library reads what is nested by recursion, and a stack that is full ends the process.
const (
	maxTemplate = 256 << 10 // bytes; the longest known have 30,000
	maxBrackets = 200       // open at once
)

// recursive is a loop whose body may call it again, which nothing would stop.
var recursive = regexp.MustCompile(`\{%[-+]?\s*for\b[^%]*\brecursive\b`)

// readableTemplate reports what the library would not survive.
func readableTemplate(source string) error {
	if len(source) > maxTemplate {
		return fmt.Errorf("it has %d bytes, more than %d", len(source), maxTemplate)
	}
	if recursive.MatchString(source) {
		return errors.New("it has a loop that calls itself")
	}
	open := 0
	for _, r := range source {
		switch r {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			open = max(0, open-1)
		}
		if open > maxBrackets {
			return fmt.Errorf("more than %d brackets are open at once", maxBrackets)
		}
	}
	return nil
}

// environment returns what a template may use: the library's filters, tests and methods, and transformers' additions.
func environment() (*exec.Environment, error) {
	filters := exec.NewFilterSet(map[string]exec.FilterFunction{}).Update(builtins.Filters)
	structures, serr := controlStructures()
	context := exec.EmptyContext()
	for _, name := range []string{"cycler", "dict", "joiner", "namespace"} {
		if f, ok := builtins.GlobalFunctions.Get(name); ok {
			context.Set(name, f)
		}
	}
	context.Set("range", numbers)
	context.Set("strftime_now", strftime)
	if err := errors.Join(filters.Replace("tojson", toJSON), serr); err != nil {
		return nil, engine.Errorf(engine.Internal, "chat template", "%v", err)
	}
	return &exec.Environment{Context: context, Filters: filters, Tests: builtins.Tests, ControlStructures: structures, Methods: methods()}, nil
}

// short returns an error on one line of a readable length: the library puts the place first and the cause last.
func short(err error) string {
	const each = 150
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > 2*each {
		s = strings.ToValidUTF8(s[:each], "") + " … " + strings.ToValidUTF8(s[len(s)-each:], "")
	}
	return s
}
