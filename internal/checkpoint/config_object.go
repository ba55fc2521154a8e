package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// object reads a JSON object by the exact names of its members. A name that occurs twice is an error: readers disagree
// about which one counts, and package json takes names that differ in case for the same.
func object(b []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	} else if t != json.Delim('{') {
		return nil, fmt.Errorf("it is not a JSON object")
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("it is not JSON: %w", err)
		}
		name, _ := t.(string) // the decoder lets only strings be names
		if _, ok := members[name]; ok {
			return nil, fmt.Errorf("%.60q occurs twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("%.60q: %w", name, err)
		}
		members[name] = value
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the JSON object")
	}
	return members, nil
}

// decodeExact fills v, a pointer to a struct, with the members of these names and no others.
func decodeExact(members map[string]json.RawMessage, v any, names map[string]bool) error {
	known := maps.Clone(members)
	maps.DeleteFunc(known, func(name string, _ json.RawMessage) bool { return !names[name] })
	b, err := json.Marshal(known)
	if err != nil {
		return err
	}
	return named(json.Unmarshal(b, v))
}

// named says which member has a value of another type than it should, in the words of JSON.
func named(err error) error {
	e, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return err
	}
	want := e.Type.String()
	switch e.Type.Kind() {
	case reflect.Int, reflect.Int32:
		want = "a whole number"
	case reflect.Float64:
		want = "a number"
	case reflect.Bool:
		want = "true or false"
	case reflect.String:
		want = "a text"
	case reflect.Slice:
		want = "a list"
	}
	return fmt.Errorf("%s is not %s but a %s", e.Field[strings.LastIndexByte(e.Field, '.')+1:], want, e.Value)
}

// value returns a JSON value as Go has it: nil, bool, float64, string, []any or map[string]any.
func value(raw json.RawMessage) (v any) {
	_ = json.Unmarshal(raw, &v) // it was read as JSON before
	return v
}

// sortedNames returns the names of an object's members.
func sortedNames(members map[string]json.RawMessage) []string {
	return slices.Sorted(maps.Keys(members))
}
