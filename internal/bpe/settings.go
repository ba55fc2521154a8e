package bpe

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/bpe/pattern"
)

// settings are those of one part of a tokenizer: an object with a type. They are read one after another; done returns the
// first that cannot be read. A setting that is not asked for is refused by name.
type object struct {
	what   string // e.g. "normalizer"
	kind   string
	fields map[string]any
	read   map[string]bool
	err    error
}

func settings(what string, v any) (*object, error) {
	o := &object{what: what, read: map[string]bool{"type": true}}
	if v == nil {
		return o, nil
	}
	var ok bool
	if o.fields, ok = v.(map[string]any); !ok {
		return nil, fmt.Errorf("its %s is not an object", what)
	}
	if o.kind, ok = o.fields["type"].(string); !ok {
		return nil, fmt.Errorf("its %s has no type", what)
	}
	return o, nil
}

func (o *object) unknown(known string) error {
	return fmt.Errorf("its %s is of type %q, which is not supported; %s are", o.what, o.kind, known)
}

// done returns what is wrong with the settings.
func (o *object) done() error {
	for name := range o.fields {
		if o.err == nil && !o.read[name] {
			o.err = fmt.Errorf("the setting %q is not known", name)
		}
	}
	if o.err != nil {
		return fmt.Errorf("its %s %s: %w", o.what, o.kind, o.err)
	}
	return nil
}

func (o *object) get(name string) (v any, ok bool) {
	o.read[name] = true
	v, ok = o.fields[name]
	return v, ok && v != nil
}

func (o *object) bad(name, want string) {
	if o.err == nil {
		o.err = fmt.Errorf("%s is %v, want %s", name, o.fields[name], want)
	}
}

// flag returns a setting that must be there; flagOr one that may be missing.
func (o *object) flag(name string) bool {
	if _, ok := o.get(name); !ok {
		o.bad(name, "true or false")
	}
	return o.flagOr(name, false)
}

func (o *object) flagOr(name string, otherwise bool) bool {
	v, ok := o.get(name)
	if !ok {
		return otherwise
	}
	b, ok := v.(bool)
	if !ok {
		o.bad(name, "true or false")
	}
	return b
}

func (o *object) text(name string) string {
	v, _ := o.get(name)
	s, ok := v.(string)
	if !ok {
		o.bad(name, "a text")
	}
	return s
}

func (o *object) textOr(name, otherwise string) string {
	if _, ok := o.get(name); !ok {
		return otherwise
	}
	return o.text(name)
}

func (o *object) char(name string) rune {
	s := o.text(name)
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || n < len(s) {
		o.bad(name, "one character")
	}
	return r
}

func (o *object) count(name string) int {
	v, _ := o.get(name)
	n, _ := v.(json.Number)
	i, err := n.Int64()
	if err != nil || i < 0 || i > MaxID {
		o.bad(name, fmt.Sprintf("a number from 0 to %d", MaxID))
		return 0
	}
	return int(i)
}

func (o *object) list(name string) ([]any, error) {
	v, _ := o.get(name)
	list, ok := v.([]any)
	if !ok {
		o.bad(name, "a list")
		return nil, o.done()
	}
	return list, nil
}

// pattern reads {"String": …} or {"Regex": …}.
func (o *object) pattern(name string) *pattern.Pattern {
	v, _ := o.get(name)
	m, _ := v.(map[string]any)
	literal, isText := m["String"].(string)
	expr, isExpr := m["Regex"].(string)
	switch {
	case len(m) == 1 && isText:
		return pattern.Literal(literal)
	case len(m) == 1 && isExpr:
		p, err := pattern.Compile(expr)
		if err != nil && o.err == nil {
			o.err = err
		}
		return p
	}
	if o.err == nil {
		o.err = errors.New(name + " is neither a String nor a Regex")
	}
	return nil
}
