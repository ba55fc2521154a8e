package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/nikolalohinski/gonja/v2/exec"
)

// toJSON is the filter tojson as transformers has it: Python's json.dumps, of which nothing is escaped for HTML.
func toJSON(_ *exec.Evaluator, in *exec.Value, params *exec.VarArgs) *exec.Value {
	if in.IsError() {
		return in
	}
	d := dumper{indent: -1}
	if len(params.Args) > 0 {
		return exec.AsValue(errors.New("tojson: settings have names, e.g. tojson(indent=4)"))
	}
	for name, v := range params.KwArgs {
		switch {
		case name == "indent" && v.IsNil(), name == "ensure_ascii" && !v.IsTrue():
		case name == "indent" && v.IsInteger() && v.Integer() >= 0 && v.Integer() <= maxIndent:
			d.indent = v.Integer()
		case name == "sort_keys" && v.IsBool():
			d.sorted = v.IsTrue()
		default:
			return exec.AsValue(fmt.Errorf("tojson: %s=%s is not supported", name, v))
		}
	}
	if err := d.value(in.Interface(), 0); err != nil {
		return exec.AsValue(fmt.Errorf("tojson: %w", err))
	}
	return exec.AsSafeValue(d.String())
}

// The bounds of what tojson writes: a value that contains itself ends, and no indent fills the memory.
const (
	maxIndent  = 16
	maxNesting = 100
)

// A dumper writes values as json.dumps does.
type dumper struct {
	strings.Builder
	indent int  // spaces a level; negative: all on one line
	sorted bool // keys in order; else in the order of the dictionary
}

func (d *dumper) value(v any, depth int) error {
	if depth > maxNesting {
		return errors.New("it is nested too deeply")
	}
	switch v := v.(type) {
	case *exec.Value:
		return d.value(v.Interface(), depth)
	case *exec.Dict:
		pairs := v.Pairs
		if d.sorted {
			pairs = slices.SortedFunc(slices.Values(pairs), func(a, b *exec.Pair) int { return strings.Compare(a.Key.String(), b.Key.String()) })
		}
		return d.parts("{}", len(pairs), depth, func(i int) error { return d.pair(pairs[i].Key.String(), pairs[i].Value, depth) })
	case exec.Dict:
		return d.value(&v, depth)
	case map[string]any: // it has no order of its own
		keys := slices.Sorted(maps.Keys(v))
		return d.parts("{}", len(keys), depth, func(i int) error { return d.pair(keys[i], v[keys[i]], depth) })
	}
	if list := reflect.ValueOf(v); v != nil && list.Kind() == reflect.Slice {
		return d.parts("[]", list.Len(), depth, func(i int) error { return d.value(list.Index(i).Interface(), depth+1) })
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	d.Write(bytes.TrimRight(b.Bytes(), "\n"))
	return nil
}

func (d *dumper) pair(key string, v any, depth int) error {
	if err := d.value(key, depth+1); err != nil {
		return err
	}
	d.WriteString(": ")
	return d.value(v, depth+1)
}

// parts writes n parts between brackets.
func (d *dumper) parts(brackets string, n, depth int, part func(int) error) error {
	line := func(depth int) {
		if d.indent >= 0 {
			d.WriteString("\n" + strings.Repeat(" ", d.indent*depth))
		}
	}
	d.WriteByte(brackets[0])
	for i := range n {
		switch {
		case i > 0 && d.indent < 0:
			d.WriteString(", ")
		case i > 0:
			d.WriteByte(',')
		}
		line(depth + 1)
		if err := part(i); err != nil {
			return err
		}
	}
	if n > 0 {
		line(depth)
	}
	d.WriteByte(brackets[1])
	return nil
}
