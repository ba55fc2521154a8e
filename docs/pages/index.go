package main

import (
	"bytes"
	"fmt"
)

// index writes the page that lists the tasks in the order of a piece of work.
func index() []byte {
	var b bytes.Buffer
	w := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	w("%s\n# Tasks\n\n", written)
	w("A piece of work with neuronsteer scores units, selects a circuit, tests it, and says what may be said. Each task is a question to a model; each has a page here: when to use it and when not, a cell with its figure, a program, what to beware of, its words in the terminal and in a study, its settings, and what its result gives.\n\n")
	for _, s := range steps {
		w("## %s\n\n%s\n\n", s.title, s.about)
		if len(s.tasks) == 0 {
			continue
		}
		w("| task | what it answers |\n|---|---|\n")
		for _, t := range s.tasks {
			w("| [%s](tasks/%s.md) | %s |\n", t.name, t.slug(), t.answers)
		}
		w("\n")
	}
	return b.Bytes()
}
