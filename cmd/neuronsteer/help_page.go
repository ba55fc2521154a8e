package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/repl"
)

// helpPage prints what help says of every command, and the words of a session, as one page of Markdown: docs/terminal.md.
func helpPage(ctx context.Context, out io.Writer) error {
	var b strings.Builder
	w := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	w("<!-- Written by neuronsteer help -markdown. -->\n\n# The terminal\n\n")
	w("`neuronsteer help` lists these commands, and `neuronsteer help COMMAND` the flags of one. In a clone the program is `bin/neuronsteer`. [All pages](README.md)\n\n")
	w("| command | what it does |\n|---|---|\n")
	for _, c := range commands {
		w("| [`%s`](#%s) | %s |\n", c.name, c.name, cell(c.about))
	}
	w("| [a session](#a-session) | what can be typed in `neuronsteer repl` |\n")
	for _, c := range commands {
		w("\n## %s\n\n%s.\n\n", c.name, strings.ToUpper(c.about[:1])+c.about[1:])
		var help strings.Builder
		if err := run(ctx, []string{"help", c.name}, &help); err != nil && !errors.Is(err, flag.ErrHelp) {
			return err
		}
		text, _, _ := strings.Cut(help.String(), "\nWhat can be typed in a session")
		w("```text\n%s\n```\n", strings.TrimRight(strings.ReplaceAll(text, "\t", "    "), "\n"))
	}
	w("\n## A session\n\nWhat can be typed in `neuronsteer repl`. Tab completes words, targets and the names of circuits; Ctrl-C stops what is computed, not the session.\n")
	for _, s := range repl.Sections() {
		w("\n### %s\n\n| word | what it does |\n|---|---|\n", strings.ToUpper(s.Title[:1])+s.Title[1:])
		for _, x := range s.Words {
			w("| `%s` | %s |\n", cell(x.Usage), cell(x.About))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// cell is text in a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
