package exactjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// sameKeys reports a key that encoding/json takes for a field of t although it is written in another case, and null in
// place of an object. b has been decoded as t before.
func sameKeys(b []byte, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if !opens(b, '[') {
			return nil // a string of bytes, or null
		}
		var all []json.RawMessage
		if err := json.Unmarshal(b, &all); err != nil {
			return err
		}
		for _, x := range all {
			if err := sameKeys(x, t.Elem()); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if !opens(b, '{') {
			return nil
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(b, &object); err != nil {
			return err
		}
		fields := fieldsOf(t)
		for key, x := range object {
			of, ok := fields[key]
			if !ok {
				i := slices.IndexFunc(names(fields), func(name string) bool { return strings.EqualFold(name, key) })
				if i < 0 {
					continue // encoding/json has no such field either
				}
				return fmt.Errorf("unknown field %q; is %q meant?", key, names(fields)[i])
			}
			if err := sameKeys(x, of); err != nil {
				return err
			}
		}
	}
	return nil
}

// opens reports whether the first byte of JSON that is no space is c.
func opens(b []byte, c byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 0 && b[0] == c
}

// notNull reports null where an object belongs, which encoding/json takes for one without fields.
func notNull(b []byte) error {
	if strings.TrimSpace(string(b)) == "null" {
		return errors.New("it is null, where an object belongs")
	}
	return nil
}

// fieldsOf returns the type of each field by its name in JSON.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" || name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		out[name] = f.Type
	}
	return out
}

func names(fields map[string]reflect.Type) []string {
	out := make([]string, 0, len(fields))
	for name := range fields {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
