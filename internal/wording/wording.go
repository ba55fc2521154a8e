// Package wording says mistakes and warnings in the words of the surface on which they are read.
//
// Packages below name the settings of Go's API in their hints ("SkipFirst() leaves them out"), which is what a program or
// a notebook's cell types. A session in the terminal, a study's file and a command line have other words for the same
// things, or none. [Surface.Say] puts their words in place of Go's, and leaves out the advice for which they have none:
// what is shown can always be typed where it is shown.
package wording

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Surface is where a person reads and types.
type Surface int

// The surfaces that are not Go.
const (
	Session Surface = iota // neuronsteer repl
	Study                  // the file of neuronsteer run
	Command                // the command line
)

// Mistake returns one mistake on a line: where, what, and what to type next.
func (s Surface) Mistake(e *engine.Error) string { return s.Say(e.Error()) }

// Warning returns the sentence of a warning.
func (s Surface) Warning(w steer.Warning) string { return s.Say(w.Text) }

var (
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^'\s]*'`)
	inner  = regexp.MustCompile(`\x00(\d+)\x00`)
	// code is what only a Go program can say: a call, a method or a name of a package, the name of an exported setting.
	code = regexp.MustCompile(`\b(?:[A-Za-z]\w*\.)?[A-Z]\w*\([^()]*(?:\([^()]*\)[^()]*)*\)(?:\.\.\.)?|\b(?:steer|local|nb|plotting|golden|m|v|activations|Circuit|Decomposition|Scores)\.[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*\b`)
	// names look like code and are none.
	names = regexp.MustCompile(`^(?:SmolLM\w*|TinyLlama\w*|PyTorch|NaN|JupyterLab|GoNB|MLPs?|RelP|OpenAI|GitHub|SentencePiece|[A-Z][a-z]+(?:ForCausalLM|LM)\w*)$`)
)

// Say puts the surface's words in place of Go's. What stands in quotes is somebody's text and stays as it is.
func (s Surface) Say(text string) string {
	if !speaksGo(text) {
		return text
	}
	var kept []string
	hidden := quoted.ReplaceAllStringFunc(text, func(q string) string {
		kept = append(kept, q)
		return "\x00" + strconv.Itoa(len(kept)-1) + "\x00"
	})
	for _, p := range phrases {
		switch with := p.words[s]; with {
		case "":
		case cut:
			hidden = p.goes.ReplaceAllString(hidden, "")
		default:
			hidden = p.goes.ReplaceAllString(hidden, with)
		}
	}
	var clauses []string
	for i, c := range strings.Split(hidden, "; ") {
		var parts []string
		for p := range strings.SplitSeq(c, ", or ") {
			if !inGo(p) {
				parts = append(parts, p)
			}
		}
		switch advice := strings.TrimPrefix(strings.Join(parts, ", or "), "or "); {
		case advice != "":
			clauses = append(clauses, advice)
		case i == 0: // what is wrong is said, whatever its words
			clauses = append(clauses, c)
		}
	}
	return inner.ReplaceAllStringFunc(strings.Join(clauses, "; "), func(q string) string {
		i, err := strconv.Atoi(strings.Trim(q, "\x00"))
		if err != nil || i >= len(kept) {
			return q
		}
		return kept[i]
	})
}

// speaksGo reports whether a text, outside its quotes, says what only a Go program can.
func speaksGo(text string) bool { return inGo(quoted.ReplaceAllString(text, `""`)) }

func inGo(text string) bool {
	for _, found := range code.FindAllString(text, -1) {
		if !names.MatchString(found) {
			return true
		}
	}
	return false
}
