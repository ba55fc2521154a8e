package steer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// readRows reads a file and reports everything that is wrong with it at once, up to a screenful.
func readRows[E any](path string, say []string) (listed[E], error) {
	rows, err := tabular.Read(path, slotNames[E]())
	if err != nil {
		return listed[E]{}, err
	}
	return takeRows[E](baseName(path), rows, say)
}

// parseRows reads the bytes of a file. name is the file's, for messages.
func parseRows[E any](name string, b []byte, say ...string) (listed[E], error) {
	rows, err := tabular.Parse(name, b, slotNames[E]())
	if err != nil {
		return listed[E]{}, err
	}
	return takeRows[E](name, rows, say)
}

// takeRows makes the rows of a set of what a file holds.
func takeRows[E any](name string, rows tabular.Rows, say []string) (listed[E], error) {
	a, err := assign(name, rows, slots[E](), say)
	if err != nil {
		return listed[E]{}, err
	}
	const screenful = 10
	out := listed[E]{from: name, format: rows.Format, took: a.columns()}
	var wrong []error
	for _, row := range rows.List {
		e, err := a.row(row, new(E))
		if err != nil {
			wrong = append(wrong, engine.Errorf(engine.BadSetting, "examples", "%s:%d: %v", name, row.Line, err).
				Try("mend the row; a row has the fields %s", slotNames[E]()))
			if len(wrong) == screenful {
				break
			}
			continue
		}
		out.list = append(out.list, *e.(*E))
	}
	return out, errors.Join(wrong...)
}

// row fills e, which points to an Example, a Pair or a string, from one row.
func (a *assignment) row(row tabular.Row, e any) (any, error) {
	r := rowReading{a: a, row: row}
	switch e := e.(type) {
	case *Example:
		*e = Example{Prompt: r.text("prompt"), Target: r.answer("target"), Versus: r.answer("versus"), Chat: r.bool("chat"), System: r.text("system"),
			Prefill: r.text("prefill"), Split: r.split(), Patch: r.text("patch")}
		if c := r.cell("messages"); c != nil {
			r.chat(e, c)
		} else if !r.has("prompt") {
			r.bad("it has no prompt")
		}
	case *Pair:
		*e = Pair{Positive: r.text("positive"), Negative: r.text("negative"), Chat: r.bool("chat"), System: r.text("system"), Prefill: r.text("prefill"), Split: r.split()}
		if !r.has("positive") || !r.has("negative") {
			r.bad("a pair has a positive and a negative")
		}
	case *string:
		if *e = r.text("text"); !r.has("text") {
			r.bad("it has no text")
		}
	}
	return e, r.err
}

// rowReading is one row that is being read; the first mistake counts.
type rowReading struct {
	a   *assignment
	row tabular.Row
	err error
}

func (r *rowReading) bad(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// cell returns what a slot's column holds; nil where it has none, or nothing.
func (r *rowReading) cell(slot string) tabular.Cell {
	if column := r.a.taken[slot]; column != "" {
		return r.row.Cells[column]
	}
	return nil
}

// has reports whether a row holds anything for the slot: in JSON an empty text is something, an empty cell of CSV is not.
func (r *rowReading) has(slot string) bool {
	c := r.cell(slot)
	return c != nil && (c != "" || !strings.Contains(r.a.rows.Format, "SV"))
}

func (r *rowReading) text(slot string) string {
	switch c := r.cell(slot).(type) {
	case nil:
		return ""
	case string:
		return c
	case bool:
		r.bad("the %s is %v, not a text", slot, c)
	case json.RawMessage:
		r.bad("the %s is %s, not a text; put it in quotes", slot, kindOf(c))
	}
	return ""
}

// answer is text that may also stand as the last message of a chat, as data of preferences have it.
func (r *rowReading) answer(slot string) string {
	c, ok := r.cell(slot).(json.RawMessage)
	if !ok || c[0] != '[' {
		return r.text(slot)
	}
	turns, err := messagesOf(c)
	if err != nil || len(turns) == 0 {
		r.bad("the %s is neither a text nor a chat: %v", slot, err)
		return ""
	}
	return turns[len(turns)-1].text
}

func (r *rowReading) bool(slot string) bool {
	switch c := r.cell(slot).(type) {
	case nil:
		return false
	case bool:
		return c
	case string:
		switch strings.ToLower(strings.TrimSpace(c)) {
		case "true", "yes", "1":
			return true
		case "false", "no", "0", "":
			return false
		}
	}
	r.bad("%s is neither true nor false", slot)
	return false
}

func (r *rowReading) split() string {
	switch s := r.text("split"); s {
	case "", "train", "test":
		return s
	default:
		r.bad(`the split is neither "train" nor "test"`)
		return ""
	}
}

// kindOf names a value of JSON.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '[':
		return "a list"
	case '{':
		return "an object"
	}
	return "the number " + string(raw)
}

// spaced puts a space before a word.
func spaced(s string) string {
	if r, _ := utf8.DecodeRuneInString(s); unicode.IsLetter(r) || unicode.IsDigit(r) {
		return " " + s
	}
	return s
}
