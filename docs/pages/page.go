package main

import (
	"bytes"
	"fmt"
	"go/doc"
	"go/doc/comment"
	"regexp"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/repl"
	"github.com/neuronsteer/neuronsteer/internal/study"
)

// A picture is what the cell of a page shows: a figure, or a card in words.
type picture struct{ file, alt, text string }

// widest is how long a line of a card in words may be on a page.
const widest = 140

// narrow cuts lines that are longer than a page is wide.
func narrow(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if r := []rune(strings.TrimRight(l, " ")); len(r) > widest && strings.HasPrefix(l, " ") { // a row of a table
			lines[i] = strings.TrimRight(string(r[:widest-1]), " ") + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// path is where the page of a task is.
func (t task) path() string { return "docs/tasks/" + t.slug() + ".md" }

// page writes the page of a task.
func (c *code) page(t task, cell string, p picture) ([]byte, error) {
	x, err := c.example(t.example())
	if err != nil {
		return nil, err
	}
	settings, err := c.methods(t.name+"Task", func(f *doc.Func) bool { return slices.Equal(results(f), []string{t.name + "Task"}) })
	if err != nil {
		return nil, err
	}
	result, err := c.result(t)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	w("%s\n", written)
	w("# %s\n\n**%s**\n\n", t.name, t.answers)
	w("[All tasks](../README.md) · `m.%s` gives [`%s`](#the-result-%s)\n\n", t.name, result, strings.ToLower(result))
	w("## When\n\n- **Use it** %s\n- **Do not use it** %s\n\n", t.when, t.not)
	if cell != "" {
		w("## In a notebook\n\n```go\n%%%%\n%s```\n\n", cell)
	}
	if p.file != "" {
		w("![%s](%s)\n\n", alt(p.alt), p.file)
	}
	if p.text != "" {
		w("It shows as a card; without its styles it reads\n\n```text\n%s\n```\n\n", narrow(p.text))
	}
	w("## In a program\n\n")
	if said := prose(x.doc); said != "" {
		w("%s\n\n", said)
	}
	w("```go\n%s```\n\nIt prints\n\n```text\n%s\n```\n\n", x.code, strings.TrimRight(x.output, "\n"))
	w("`steertest.NewModel()` is a model of three layers whose circuits were put there by hand. A real one comes from `local.Open(ctx, \"teaching\")`, in a notebook from `nb.Model(\"teaching\")`, where `nb.Run(task)` stands for `task.Run(ctx)` and needs no error handling.\n\n")
	w("## What to beware of\n\n%s\n\n", t.caveat)
	there, err := elsewhere(t.kind())
	if err != nil {
		return nil, err
	}
	w("## The same elsewhere\n\n%s\n", there)
	if len(settings) > 0 {
		w("## Settings\n\nEach returns a changed copy of the task, which itself stays as it is.\n\n| setting | what it sets |\n|---|---|\n")
		for _, f := range settings {
			w("| `%s` | %s |\n", c.signature(f, false), line(f.Name, f.Doc))
		}
		w("\n")
	}
	methods, err := c.methods(result, func(f *doc.Func) bool { return f.Name != "Warnings" && f.Name != "String" && f.Name != "MarshalJSON" })
	if err != nil {
		return nil, err
	}
	typ, err := c.typeOf(result)
	if err != nil {
		return nil, err
	}
	w("## The result: %s\n\n%s\n\n| method | what it gives |\n|---|---|\n", result, prose(typ.Doc))
	for _, f := range methods {
		w("| `%s` | %s |\n", c.signature(f, true), line(f.Name, sentence(f.Doc)))
	}
	w("| `Warnings() []Warning` | what its numbers must be read with care for; a card shows them last |\n")
	return b.Bytes(), nil
}

// written heads every page.
const written = "<!-- Written by go run ./docs/pages. Change what it is made of: the code, its comments and Examples, or docs/pages. -->\n"

// result names what a task's Run returns.
func (c *code) result(t task) (string, error) {
	run, err := c.methods(t.name+"Task", func(f *doc.Func) bool { return f.Name == "Run" })
	if err != nil || len(run) != 1 {
		return "", fmt.Errorf("%sTask has %d methods Run: %w", t.name, len(run), err)
	}
	return results(run[0])[0], nil
}

// elsewhere says how the terminal and a study have a kind of request done.
func elsewhere(kind string) (string, error) {
	var b strings.Builder
	b.WriteString("| where | what to type |\n|---|---|\n")
	row := func(where, typed, what string) {
		if what != "" {
			what = ": " + cell1(what)
		}
		fmt.Fprintf(&b, "| %s | %s%s |\n", where, typed, what)
	}
	words, why := repl.Words(kind)
	for _, x := range words {
		row("[session](../terminal.md#a-session)", "`"+strings.ReplaceAll(x.Usage, "|", "\\|")+"`", x.About)
	}
	if why != "" {
		row("[session](../terminal.md#a-session)", "nothing", why)
	}
	uses, why := study.Words(kind)
	var example strings.Builder
	for _, x := range uses {
		list, of, ok := strings.Cut(x.Where, ": kind: ")
		anchor := list
		switch {
		case ok:
			anchor = map[string]string{"analyses": "analysis", "methods": "method", "tests": "test"}[list] + "-" + of
			lines, err := inStudy(of)
			if err != nil {
				return "", err
			}
			example.WriteString(list + ":\n" + lines)
		case anchor == "model":
			anchor = "the-file"
		default:
			anchor, _, _ = strings.Cut(anchor, ":")
		}
		row("[study](../study.md#"+anchor+")", "`"+x.Where+"`", x.About)
	}
	if why != "" {
		row("[study](../study.md)", "nothing", why)
	}
	if example.Len() > 0 {
		fmt.Fprintf(&b, "\nIn a study, for instance:\n\n```yaml\n%s```\n", example.String())
	}
	return b.String(), nil
}

// line is a doc comment as one cell of a table: all of its words but the name that it begins with, without blocks of code.
func line(name, text string) string { return cell1(strings.TrimPrefix(prose(text), name+" ")) }

// sentence is the first sentence of a doc comment, which ends with its paragraph: what follows may be code.
func sentence(text string) string {
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	if at := ended.FindStringIndex(text); at != nil {
		return text[:at[0]+1]
	}
	return text
}

// ended is where a sentence ends and another begins; "e.g. 3" is none.
var ended = regexp.MustCompile(`\. [A-Z]`)

// cell1 is text as one cell of a table.
func cell1(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}

// prose is a doc comment in Markdown, without blocks of code and with its links as code.
func prose(text string) string {
	var p comment.Parser
	d := p.Parse(text)
	d.Content = slices.DeleteFunc(d.Content, func(x comment.Block) bool { _, code := x.(*comment.Code); return code })
	md := string((&comment.Printer{DocLinkURL: func(*comment.DocLink) string { return "" }}).Markdown(d))
	return strings.TrimSpace(linked.ReplaceAllString(md, "`$1`"))
}

// linked is a link to a name of the documentation, whose address is not known here.
var linked = regexp.MustCompile(`\[([A-Za-z.]+)\]\(\)`)

// alt is what a figure is and what it finds, as the alternative of an image: the numbers of every point are in its cell.
func alt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if at := stop.FindAllStringIndex(s, 2); len(at) == 2 {
		s = s[:at[1][0]+1]
	}
	return strings.NewReplacer("[", "(", "]", ")", "<", "‹", ">", "›", "`", "'", "*", "∗", "_", "‗").Replace(s)
}

// stop is where a sentence of a figure's alternative ends.
var stop = regexp.MustCompile(`\. [A-Z0-9]`)
