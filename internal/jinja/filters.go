package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A filter is what stands after a bar.
type filter func(m *machine, v any, a args) (any, error)

// filters by their names. The package doc says which of Jinja's are left out.
var filters map[string]filter

// filterNamed returns a filter; one that is not known is an error where it is used.
func filterNamed(name string) filter {
	if f, ok := filters[name]; ok {
		return f
	}
	return func(*machine, any, args) (any, error) { return nil, fmt.Errorf("there is no filter %q", name) }
}

func randomFilter(*machine, any, args) (any, error) {
	return nil, errors.New("it is refused: a template must give the same text each time")
}

func init() { //nolint:gochecknoinits // what stands in the table looks into it
	filters = map[string]filter{
		"abs": absFilter, "attr": attrFilter, "capitalize": textFilter(capitalize), "center": centerFilter,
		"count": lengthFilter, "length": lengthFilter, "d": defaultFilter, "default": defaultFilter,
		"e": escapeFilter, "escape": escapeFilter, "forceescape": escapeFilter, "float": floatFilter, "format": formatFilter,
		"indent": indentFilter, "int": intFilter, "lower": textFilter(strings.ToLower), "replace": replaceFilter, "round": roundFilter,
		"safe": textFilter(nil), "string": textFilter(nil), "title": textFilter(titleWords), "trim": trimFilter, "truncate": truncateFilter,
		"upper": textFilter(upper), "urlencode": urlencodeFilter, "wordcount": wordcountFilter, "wordwrap": wordwrapFilter, "tojson": toJSON,

		"batch": batchFilter, "dictsort": dictsortFilter, "first": firstFilter, "groupby": groupFilter, "items": itemsFilter, "join": joinFilter,
		"last": lastFilter, "random": randomFilter, "list": listFilter, "map": mapFilter, "max": bestFilter(1), "min": bestFilter(-1), "reverse": reverseFilter,
		"select": selectFilter(true, false), "reject": selectFilter(false, false), "selectattr": selectFilter(true, true), "rejectattr": selectFilter(false, true),
		"slice": sliceFilter, "sort": sortFilter, "sum": sumFilter, "unique": uniqueFilter,
	}
}

func attrFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(1, "name")
	if err != nil {
		return nil, err
	}
	name, err := asText(x[0], "")
	if err != nil {
		return nil, err
	}
	if found, ok, err := m.member(v, name); ok || err != nil {
		return found, err
	}
	return missing(v, name), nil
}

func lengthFilter(m *machine, v any, _ args) (any, error) {
	switch v := v.(type) {
	case string:
		return int64(utf8.RuneCountInString(v)), m.scan(len(v))
	case *list:
		return int64(len(v.items)), nil
	case *dict:
		return int64(len(v.keys)), nil
	case *undefined:
		return int64(0), nil
	}
	return nil, fmt.Errorf("a %s has no length", typeName(v))
}

func defaultFilter(_ *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "default_value", "boolean")
	if err != nil {
		return nil, err
	}
	if _, none := v.(*undefined); none || asBool(x[1], false) && !truth(v) {
		if x[0] == (absent{}) {
			return "", nil
		}
		return x[0], nil
	}
	return v, nil
}
