// Package jinja renders chat templates: Jinja 2 as transformers sets it up for them, within bounds.
//
//	t, err := jinja.Parse(source)
//	text, err := t.Render(ctx, map[string]any{"messages": jinja.List{jinja.Dict{{"role", "user"}, {"content", "Hi"}}}})
//
// A chat template is a program that a stranger wrote, and it runs beside a loaded model. So an evaluator of our own counts what
// it does: steps, bytes that are built, bytes that are written and how deep it is, each with a bound that real templates
// never come near (they take some thousands of steps), and it ends when its context does. Nothing reaches outside: there are no
// files, no clock and no chance. A template renders the same text on every day and every machine, because the text is part of
// what a result is stored under.
//
// # What is there
//
// The language as of Jinja 3.1 with trim_blocks, lstrip_blocks, loop controls and the block generation; values are Python's
// None, bool, int (64 bits), float, str, list, tuple and dict, with their operators, methods and spelling. Lists and dicts
// cannot be changed, as in the sandbox of transformers. tojson is transformers' own, which escapes nothing for HTML.
// raise_exception gives a *Raised. strftime_now shows one fixed day.
//
// # What is refused
//
// include, import and extends (there is no other file); random and lipsum (the text would be another each time); escaping for HTML
// by autoescape; integers beyond 64 bits; the filters filesizeformat, pprint, urlize, xmlattr and striptags, which no chat
// template has a use for.
package jinja
