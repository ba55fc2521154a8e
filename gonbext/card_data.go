package gonbext

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// pointedAt is what a pointer points at, where that is what is shown, and nil for none. Figures and models are pointers.
func pointedAt(x any) any {
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		return nil
	}
	if _, model := x.(*steer.Model); model || v.Kind() != reflect.Pointer {
		return x
	}
	if v.IsNil() {
		return nil
	}
	if _, ok := cardOf(v.Elem().Interface()); ok {
		return v.Elem().Interface()
	}
	return x
}

// plainly makes the bundle of what is no result: a list of results is their cards, data is a table, anything else its text.
func plainly(x any, at site) (bundle, error) {
	if reflect.ValueOf(x).Kind() == reflect.Func {
		return bundle{}, engine.Errorf(steer.BadSetting, "show", "this is a function, not what it gives").Try("call it: put () behind its name")
	}
	if v := reflect.ValueOf(x); v.Kind() == reflect.Slice && v.Len() > 0 && v.Len() <= mostCards {
		c := &card{title: words("%s", count(v.Len(), "result"))}
		var all []*card
		for i := range v.Len() {
			if k, ok := result(v.Index(i).Interface(), at); ok {
				all = append(all, k)
			}
		}
		if len(all) == v.Len() {
			c.blocks = []block{{beside: all}}
			return c.bundle(), nil
		}
	}
	if c, ok := dataCard(x); ok {
		return c.bundle(), nil
	}
	s := visible.Stream(fmt.Sprint(x))
	if s == "" {
		s = "(empty)"
	}
	return bundle{text: s}, nil
}

// mostCards is of how many elements a list is shown as a card each.
const mostCards = 12

// dataCard shows plain data: the fields of a struct, and the elements of a slice or a map, as a table. What has words of its own is
// shown by them; ok is false for what is one value, and for what has nothing that may be seen.
func dataCard(x any) (c *card, ok bool) {
	v := reflect.ValueOf(x)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return &card{title: words("nothing (a nil %s)", typeOf(v.Type()))}, true
		}
		if hasWords(v) {
			return nil, false
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil, false
	}
	if t, ok := reflect.TypeAssert[steer.Table](v); ok {
		return tableCard(t), true
	}
	if hasWords(v) {
		switch v.Interface().(type) {
		case steer.Token, steer.Estimate, steer.Band:
			return &card{title: []span{{wordsOf(v), plain}}}, true
		}
		return nil, false
	}
	switch v.Kind() {
	case reflect.Struct:
		return structCard(v), true
	case reflect.Map:
		return mapCard(v), true
	case reflect.Slice, reflect.Array:
		return listCard(v), true
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return &card{title: words("a %s, which has nothing to show", typeOf(v.Type()))}, true
	}
	return nil, false
}

// typeOf names a type without the path of its package.
func typeOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return t.Kind().String()
	}
	return t.Name()
}

// fieldsOf are the fields that may be seen, those of embedded structs among them.
func fieldsOf(t reflect.Type) (out []reflect.StructField) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case !f.IsExported():
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !hasWords(reflect.Zero(f.Type)):
			for _, g := range fieldsOf(f.Type) {
				g.Index = append([]int{i}, g.Index...)
				out = append(out, g)
			}
		default:
			f.Index = []int{i}
			out = append(out, f)
		}
	}
	return out
}

func structCard(v reflect.Value) *card {
	c := &card{title: words("%s", typeOf(v.Type()))}
	t := table{heads: []string{"field", "value"}, left: []bool{true, true}}
	for _, f := range fieldsOf(v.Type()) {
		t.rows = append(t.rows, []cell{text(f.Name), text(shortly(v.FieldByIndex(f.Index)))})
	}
	if len(t.rows) == 0 {
		c.notef("It has nothing to show: look at what its methods return.")
	}
	c.put("Its fields", t)
	return c
}

// tableCard shows a table with its own columns.
func tableCard(x steer.Table) *card {
	c := &card{title: words("%s", x.Caption)}
	if x.Caption == "" {
		c.title = words("%s", count(len(x.Rows), "row"))
	}
	t := table{heads: x.Columns, left: make([]bool, len(x.Columns))}
	for i, row := range x.Rows[:min(len(x.Rows), 2*rowsShown)] {
		cells := make([]cell, len(row))
		for j, v := range row {
			if v == nil {
				cells[j] = text("")
				continue
			}
			r := reflect.ValueOf(v)
			said := shortly(r)
			if r.Kind() == reflect.String {
				said = visible.Text(r.String())
			}
			cells[j], t.left[j] = text(said), i == 0 && !isNumber(r.Type()) || i > 0 && t.left[j]
		}
		t.rows = append(t.rows, cells)
	}
	if n := len(x.Rows) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("Its rows", t)
	return c
}

func mapCard(v reflect.Value) *card {
	c := &card{title: words("%s", count(v.Len(), "entry"))}
	t := table{heads: []string{"key", "value"}, left: []bool{true, true}}
	for _, k := range v.MapKeys() {
		t.rows = append(t.rows, []cell{text(shortly(k)), text(shortly(v.MapIndex(k)))})
	}
	slices.SortFunc(t.rows, func(a, b []cell) int { return strings.Compare(textSpans(a[0]), textSpans(b[0])) })
	if n := len(t.rows) - 2*rowsShown; n > 0 {
		t.rows, t.more = t.rows[:2*rowsShown], fmt.Sprintf("… %d more", n)
	}
	c.put("Keys and values", t)
	return c
}

func listCard(v reflect.Value) *card {
	e := v.Type().Elem()
	what := elementOf(e)
	c := &card{title: words("%s", count(v.Len(), what))}
	t := table{heads: []string{"", what}, left: []bool{false, true}}
	if what == "number" {
		c.line(span{numbersOf(v), plain})
		return c
	}
	fields := []reflect.StructField{}
	if e.Kind() == reflect.Struct && !hasWords(reflect.Zero(e)) {
		fields = fieldsOf(e)
	}
	if len(fields) > 0 {
		t.heads, t.left = []string{""}, []bool{false}
		for _, f := range fields {
			t.heads, t.left = append(t.heads, f.Name), append(t.left, !isNumber(f.Type))
		}
	}
	for i := range min(v.Len(), 2*rowsShown) {
		row := []cell{number(i)}
		for _, f := range fields {
			row = append(row, text(shortly(v.Index(i).FieldByIndex(f.Index))))
		}
		if len(fields) == 0 {
			row = append(row, text(shortly(v.Index(i))))
		}
		t.rows = append(t.rows, row)
	}
	if n := v.Len() - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("The elements", t)
	return c
}

// numbersOf writes the first numbers of a list.
func numbersOf(v reflect.Value) string {
	var out []string
	for i := range min(v.Len(), 2*rowsShown) {
		out = append(out, shortly(v.Index(i)))
	}
	if n := v.Len() - len(out); n > 0 {
		out = append(out, fmt.Sprintf("… %d more", n))
	}
	return strings.Join(out, ", ")
}

// elementOf names what a list is of.
func elementOf(e reflect.Type) string {
	switch {
	case isNumber(e) && e.PkgPath() == "":
		return "number"
	case e.Kind() == reflect.String && e.PkgPath() == "":
		return "text"
	case e.Name() == "":
		return "element"
	}
	switch name := strings.ToLower(e.Name()[:1]) + e.Name()[1:]; name {
	case "ranked", "weighted":
		return name + " token"
	default:
		return name
	}
}

func isNumber(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64, reflect.Uint8, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}
