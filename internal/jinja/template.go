package jinja

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// A Template is a parsed template. It is safe for concurrent use.
type Template struct{ body []stmt }

// A List is a Python list, as an argument of Render.
type List []any

// A Dict is a Python dict in its order, as an argument of Render.
type Dict []Pair

// A Pair is an entry of a Dict.
type Pair struct {
	Key   string
	Value any
}

// Raised is the error of a template that refuses with raise_exception.
type Raised struct{ Text string }

// Error returns what the template says.
func (r *Raised) Error() string { return r.Text }

// Parse reads a template. The error names the line.
func Parse(source string) (*Template, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("it has %d bytes, more than %d", len(source), maxSource)
	}
	ts, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: ts}
	body, _, err := p.statements()
	if err != nil {
		return nil, err
	}
	return &Template{body}, nil
}

// Render returns the text that the template makes of vars: nil, bool, int, float64, string, List and Dict. It ends soon
// after ctx is done, with its error. A template that refuses gives a *Raised.
func (t *Template) Render(ctx context.Context, vars map[string]any) (string, error) {
	m := &machine{ctx: ctx, out: &strings.Builder{}}
	root := &scope{vars: map[string]any{}, parent: globals}
	for name, v := range vars {
		value, err := imported(v)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		root.vars[name] = value
	}
	if err := m.exec(t.body, root); err != nil {
		if raised, ok := errors.AsType[*Raised](err); ok {
			return "", raised
		}
		if cerr := ctx.Err(); cerr != nil {
			return "", cerr
		}
		if errors.Is(err, errBreak) || errors.Is(err, errContinue) {
			err = errors.New("break and continue stand in a loop")
		}
		return "", fmt.Errorf("line %d: %w", m.line, err)
	}
	return m.out.String(), nil
}

// imported returns the value of an argument.
func imported(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, float64, string, *function:
		return v, nil
	case int:
		return int64(v), nil
	case List:
		l := &list{}
		for _, x := range v {
			item, err := imported(x)
			if err != nil {
				return nil, err
			}
			l.items = append(l.items, item)
		}
		return l, nil
	case Dict:
		d := newDict()
		for _, p := range v {
			item, err := imported(p.Value)
			if err != nil {
				return nil, err
			}
			d.set(p.Key, item)
		}
		return d, nil
	}
	return nil, fmt.Errorf("a value of type %T is none of a template", v)
}
