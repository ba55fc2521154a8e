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
	w("## Other pages\n\n| page | what is there |\n|---|---|\n")
	for _, p := range others {
		w("| [%s](%s) | %s |\n", p[0], p[1], p[2])
	}
	return b.Bytes()
}

// others are the pages beside those of tasks.
var others = [][3]string{
	{"a study as one file", "study.md", "the YAML of a study, with a whole example, and its schema for editors"},
	{"the terminal", "terminal.md", "every command with its flags, and the words of a session"},
	{"figures", "gallery.html", "every figure with its worst cases, as a page to open in a browser"},
	{"models", "models.md", "which models open, and by which names"},
	{"settings", "settings.md", "the variables of the environment"},
	{"publishing", "publishing.md", "from an executed notebook to a paper or a site"},
	{"benchmarks", "benchmarks.md", "what was measured, beside PyTorch"},
	{"the map", "reference-map.md", "what became of every function of the reference implementation"},
	{"studies", "studies", "the tables that the documentation quotes, with the programs that made them"},
}
