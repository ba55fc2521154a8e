package repl

import (
	"slices"
	"strings"
)

// A Word is how a session has something done.
type Word struct{ Usage, About string }

// spoken are the commands that make each kind of request, those that are about it; and silent are the kinds that none makes,
// with the reason.
var (
	spoken = map[string][]string{
		"attribute": {"discover"}, "baseline": {"baseline"}, "behavior": {"behavior"}, "calibrate": {"calibrate"}, "capture": {"when"},
		"contrast": {"contrast"}, "control-vector": {"vector"}, "decompose": {"decompose"}, "edges": {"edges"}, "faithfulness": {"faithful"},
		"generate": {"ablate", "amplify", "add", "project"}, "logit-lens": {"lens"}, "methods": {"methods"}, "patch": {"patch"}, "predict": {"prompt", "top"},
		"profiles": {"groups"}, "stability": {"stability"}, "sweep": {"sweep", "instruct"}, "tokens": {"tokens"}, "top-activations": {"contexts"},
		"unembed": {"vector"}, "universal": {"universal"}, "evidence": {"verdict"}, "writes": {"writes"},
	}
	silent = map[string]string{
		"model":            "a session asks it of its model when it opens",
		"generate-each":    "a session has one prompt, and ablate, amplify and sweep continue it",
		"plan":             "the line of a command that takes long says how much of it is left",
		"mean-activations": "means are arrays for a program; faithful takes its own",
	}
)

// Words returns what to type in a session for a kind of request, or why there is nothing.
func Words(kind string) (words []Word, why string) {
	for _, name := range spoken[kind] {
		if c, ok := find(name); ok {
			words = append(words, Word{strings.TrimSpace(c.name + " " + c.args), c.about})
		}
	}
	return slices.Clip(words), silent[kind]
}

// A Section is the words of one purpose, as help lists them.
type Section struct {
	Title string
	Words []Word
}

// Sections returns all words of a session.
func Sections() (all []Section) {
	for _, x := range sections() {
		s := Section{Title: x.title}
		for _, c := range x.commands {
			s.Words = append(s.Words, Word{strings.TrimSpace(c.name + " " + c.args), c.about})
		}
		all = append(all, s)
	}
	return all
}
