package steer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Column is one of a file of data and what it was taken for.
type Column struct {
	Name string // as the file has it
	As   string // "prompt", "target", …; empty: it was left out
}

// String says it in words: "question is the prompt".
func (c Column) String() string {
	switch {
	case c.As == "":
		return c.Name + " is left out"
	case plainName(c.Name) == plainName(c.As):
		return c.As
	}
	return c.Name + " is the " + c.As
}

// A slot is a field of a row that a column can fill, with the other names that data have for it.
type slot struct {
	name    string
	aliases []string
	needed  bool
}

var commonSlots = []slot{
	{name: "chat"}, {name: "system", aliases: []string{"systemprompt"}}, {name: "prefill"}, {name: "split"},
}

// slots are the fields of an Example, a Pair or a text.
func slots[E any]() []slot {
	var e E
	switch any(e).(type) {
	case Pair:
		return append([]slot{
			{"positive", []string{"pos", "chosen", "good"}, true}, {"negative", []string{"neg", "rejected", "bad"}, true},
		}, commonSlots...)
	case string:
		return []slot{{"text", []string{"prompt", "sentence", "content", "input", "question"}, true}}
	}
	return append([]slot{
		{"prompt", []string{"text", "question", "input", "sentence", "query", "instruction", "clean"}, true},
		{"target", []string{"answer", "label", "completion", "output", "response", "correct", "chosen"}, false},
		{"versus", []string{"wrong", "incorrect", "counterfactual", "wronganswer", "foil", "distractor", "rejected"}, false},
	}, append(slices.Clone(commonSlots),
		slot{"patch", []string{"corrupted", "corrupt", "counterfactualprompt", "corruptedprompt"}, false},
		slot{"messages", []string{"conversation", "conversations"}, false})...)
}

// slotNames lists them for people.
func slotNames[E any]() string {
	var names []string
	for _, s := range slots[E]() {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

// plainName is a column's name without what spells it differently: case, spaces, dashes, underscores.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// assignment is which column fills which slot.
type assignment struct {
	file  string
	rows  tabular.Rows
	slots []slot
	taken map[string]string // slot → column; "" where the caller wants none
	left  map[string]bool   // columns that the caller leaves out
	wrong []error
}

// assign decides: as the caller says ("prompt=q_text"), else by a slot's own name, else by the one other name that is there.
func assign(file string, rows tabular.Rows, slots []slot, say []string) (assignment, error) {
	a := assignment{file: file, rows: rows, slots: slots, taken: map[string]string{}, left: map[string]bool{}}
	a.heed(say)
	for _, s := range slots {
		if _, said := a.taken[s.name]; !said {
			a.find(s)
		}
	}
	a.nearly()
	for _, s := range slots {
		if s.needed && a.taken[s.name] == "" && a.taken["messages"] == "" && len(a.wrong) == 0 {
			if len(rows.Columns) == 0 {
				a.bad("the rows are empty", "write rows with the fields %s", strings.Join(a.names(), ", "))
				break
			}
			a.bad(fmt.Sprintf("no column is the %s; there are %s", s.name, quoted(rows.Columns)), "say which is: %s", a.call(s.name+"="+rows.Columns[0]))
		}
	}
	return a, errors.Join(a.wrong...)
}

func (a *assignment) bad(text, hint string, args ...any) {
	a.wrong = append(a.wrong, engine.Errorf(engine.BadSetting, "examples", "%s: %s", a.file, text).Try(hint, args...))
}

func (a *assignment) names() (names []string) {
	for _, s := range a.slots {
		names = append(names, s.name)
	}
	return names
}

// call is what to type for a column that has another name.
func (a *assignment) call(say string) string {
	f := map[string]string{"prompt": "Examples", "positive": "Pairs", "text": "Texts"}[a.slots[0].name]
	return fmt.Sprintf("steer.%s(%q, %q)", f, a.file, say)
}

// heed takes what the caller says.
func (a *assignment) heed(say []string) {
	names := a.names()
	for _, s := range say {
		as, column, ok := strings.Cut(s, "=")
		as, column = plainName(as), strings.TrimSpace(column)
		switch {
		case !ok || as != "" && !slices.Contains(names, as):
			a.bad(fmt.Sprintf("%q does not say which column is what", s), "write it as %q, with the field one of %s", names[0]+"=COLUMN", strings.Join(names, ", "))
		case column != "" && !slices.Contains(a.rows.Columns, column):
			a.bad(fmt.Sprintf("there is no column %q", column), "use one of %s", quoted(a.rows.Columns))
		case as == "":
			a.left[column] = true
		default:
			a.taken[as] = column
		}
	}
}

// free returns the columns of one of these names that nothing was taken for.
func (a *assignment) free(names ...string) (out []string) {
	for _, c := range a.rows.Columns {
		if slices.Contains(names, plainName(c)) && !a.left[c] && !a.used(c) {
			out = append(out, c)
		}
	}
	return out
}

func (a *assignment) used(column string) bool {
	for _, c := range a.taken {
		if c == column {
			return true
		}
	}
	return false
}

// find takes the column of a slot.
func (a *assignment) find(s slot) {
	list := a.free(s.name)
	if len(list) == 0 {
		list = a.free(s.aliases...)
	}
	switch len(list) {
	case 0:
	case 1:
		a.taken[s.name] = list[0]
	default:
		a.bad(fmt.Sprintf("each of the columns %s may be the %s", quoted(list), s.name), "say which is: %s", a.call(s.name+"="+list[0]))
	}
}

// nearly reports a column that is a slot's name but for a letter: it would be left out, and what it holds be missed.
func (a *assignment) nearly() {
	for _, c := range a.rows.Columns {
		if a.used(c) || a.left[c] {
			continue
		}
		for _, s := range a.slots {
			if !offByOne(plainName(c), s.name) {
				continue
			}
			line := 1
			if !strings.Contains(a.rows.Format, "SV") {
				line = a.rows.List[slices.IndexFunc(a.rows.List, func(r tabular.Row) bool { _, has := r.Cells[c]; return has })].Line
			}
			a.wrong = append(a.wrong, engine.Errorf(engine.BadSetting, "examples", "%s:%d: unknown field %q, which is nearly %s", a.file, line, c, s.name).
				Try("write %s; or leave the column out: %s", s.name, a.call("="+c)))
		}
	}
}

// offByOne reports whether one letter more, less, other, or two that changed places, make a of b. Short words do not count.
func offByOne(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b || len(a) < 4 || len(b)-len(a) > 1 {
		return false
	}
	i, j := 0, 0 // what they have in common at the beginning and at the end
	for i < len(a) && a[i] == b[i] {
		i++
	}
	for j < len(a)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	if rest := len(a) - i - j; rest <= 1-(len(b)-len(a)) {
		return true
	}
	return len(a) == len(b) && i+j == len(a)-2 && a[i] == b[i+1] && a[i+1] == b[i]
}

// columns says of every column what it was taken for, in the file's order.
func (a *assignment) columns() []Column {
	out := make([]Column, len(a.rows.Columns))
	for i, c := range a.rows.Columns {
		out[i].Name = c
		for s, column := range a.taken {
			if column == c {
				out[i].As = s
			}
		}
	}
	return out
}

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(out, ", ")
}
