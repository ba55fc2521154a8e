// Package exactjson finds what encoding/json takes without a word and changes: a key that an object has twice, of which the
// last one counts; half of a surrogate pair and bytes that are not UTF-8, which become U+FFFD. Whoever reads a file that
// people write asks it first.
package exactjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unmarshal is json.Unmarshal for JSON that says what it means.
func Unmarshal(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return plain(err)
	}
	return Check(b)
}

// plain says what is wrong without the names of Go's types.
func plain(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if e.Field == "" {
			return fmt.Errorf("it is JSON, but a single %s where an object belongs", e.Value)
		}
		return fmt.Errorf("%q cannot be the %s that stands there", e.Field, e.Value)
	}
	if text, ok := strings.CutPrefix(err.Error(), "json: "); ok {
		return errors.New(text)
	}
	return err
}

// Decode is Unmarshal that knows every field: one that v does not have is an error, also in another
// case, and so is anything after the value.
func Decode(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return plain(err)
	}
	if d.More() {
		return errors.New("something follows the object")
	}
	if err := Check(b); err != nil {
		return err
	}
	return errors.Join(notNull(b), sameKeys(b, reflect.TypeOf(v)))
}

// Check reports what encoding/json would change of JSON that it accepts: keys are compared as it compares them with the
// fields of a struct, whatever their case.
func Check(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("it is not UTF-8")
	}
	var open []*object // nil for an array
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{':
			open = append(open, &object{key: true})
		case '[':
			open = append(open, nil)
		case '}', ']':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case ',':
			if o := last(open); o != nil {
				o.key = true
			}
		case '"':
			end := closing(b, i)
			s := b[i:end]
			if err := whole(s); err != nil {
				return err
			}
			if o := last(open); o != nil && o.key {
				o.key = false
				if err := o.add(s); err != nil {
					return err
				}
			}
			i = end - 1
		}
	}
	return nil
}

func last(open []*object) *object {
	if len(open) == 0 {
		return nil
	}
	return open[len(open)-1]
}

// closing returns the place after the end of the string that begins at i.
func closing(b []byte, i int) int {
	for i++; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(b))
}

// object is an object that is being read.
type object struct {
	key  bool // the next string is a key
	few  []string
	many map[string]bool // from some keys on
}

// add notes a key as it is written, in quotes.
func (o *object) add(quoted []byte) error {
	key := string(quoted)
	if bytes.IndexByte(quoted, '\\') >= 0 {
		_ = json.Unmarshal(quoted, &key) // valid, or the caller's decoder has said so
	} else {
		key = strings.Trim(key, `"`)
	}
	twice := o.many[strings.ToLower(key)]
	for _, k := range o.few {
		twice = twice || strings.EqualFold(k, key)
	}
	if twice {
		return fmt.Errorf("the key %q stands there twice", key)
	}
	if o.few = append(o.few, key); len(o.few) > 16 {
		if o.many == nil {
			o.many = map[string]bool{}
		}
		for _, k := range o.few {
			o.many[strings.ToLower(k)] = true
		}
		o.few = o.few[:0]
	}
	return nil
}

// whole reports half of a surrogate pair in a string.
func whole(s []byte) error {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if i++; i >= len(s) || s[i] != 'u' {
			continue
		}
		r := escaped(s[i-1:])
		i += 4
		if !utf16.IsSurrogate(r) {
			continue
		}
		low := rune(-1)
		if i+1 < len(s) {
			low = escaped(s[i+1:])
		}
		if utf16.DecodeRune(r, low) == utf8.RuneError {
			return fmt.Errorf(`\u%04x is half of a character`, r)
		}
		i += 6
	}
	return nil
}

// escaped returns the code unit of the escape \uXXXX that b begins with; −1 of anything else.
func escaped(b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return rune(n)
}
