package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/study"
)

// A part is what the page says of a JSON Schema.
type part struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Type        string          `json:"type"`
	Enum        []string        `json:"enum"`
	Const       string          `json:"const"`
	Default     any             `json:"default"`
	Items       *part           `json:"items"`
	OneOf       []part          `json:"oneOf"`
	Properties  map[string]part `json:"properties"`
	Required    []string        `json:"required"`
}

// whole is the study that the pages show.
const whole = "docs/study.yaml"

// studyPage writes the page of a study's file.
func studyPage() ([]byte, error) {
	schema, err := study.Schema()
	if err != nil {
		return nil, err
	}
	var top part
	if err := json.Unmarshal(schema, &top); err != nil {
		return nil, err
	}
	example, err := regular.ReadText(whole, maxSource)
	if err != nil {
		return nil, err
	}
	c, err := read("internal/study")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	w("%s\n# A study as one file\n\n", written)
	w("`neuronsteer run FILE.yaml` looks at behaviors, analyzes them, scores them by every method, selects circuits in every way and tests each in every way, on one model. A run that was stopped goes on where it was; `-check` reads the file and its data and runs nothing. [All pages](README.md)\n\n")
	w("## An example\n\n[`%s`](study.yaml) has every kind of everything. A study is usually much shorter: a behavior, a method, a selection and a test.\n\n```yaml\n%s```\n\n", whole, example)
	w("## In an editor\n\nThe first line names the [schema](study.schema.json), and editors that know YAML's language server complete every word, show what it means and mark mistakes. `neuronsteer run -schema >study.schema.json` writes the schema beside a study of your own.\n\n")
	after := strings.SplitN(c.doc.Doc, "\n# Results\n", 2)
	if len(after) != 2 {
		return nil, fmt.Errorf("the package doc of internal/study says nothing of results")
	}
	w("## What a run leaves\n\n%s\n", prose(after[1]))
	w("\n## The file\n\n%s", rows(top, nil))
	for _, list := range []struct{ name, one string }{{"behaviors", "Behavior"}, {"analyses", "Analysis"}, {"methods", "Method"}, {"selections", "Selection"}, {"tests", "Test"}} {
		x := top.Properties[list.name]
		w("\n## %s\n\n%s.\n", strings.ToUpper(list.name[:1])+list.name[1:], strings.ToUpper(x.Description[:1])+x.Description[1:])
		if len(x.Items.OneOf) == 0 {
			w("\n%s", rows(*x.Items, nil))
			for _, of := range []string{"examples", "pairs"} {
				if y, ok := x.Items.Properties[of]; ok {
					w("\n### %s\n\n%s", strings.ToUpper(of[:1])+of[1:], rows(*y.Items, nil))
				}
			}
		}
		for _, kind := range x.Items.OneOf {
			w("\n### %s: %s\n\n", list.one, kind.Title)
			if len(kind.Properties) == 2 {
				w("It has no settings but its name.\n")
				continue
			}
			w("%s", rows(kind, []string{"name", "kind"}))
		}
	}
	return b.Bytes(), nil
}

// rows is a table of settings but some.
func rows(x part, but []string) string {
	var b strings.Builder
	b.WriteString("| setting | type | without it | what it sets |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(x.Properties)) {
		if slices.Contains(but, name) {
			continue
		}
		p, without := x.Properties[name], ""
		switch {
		case slices.Contains(x.Required, name):
			without = "a mistake"
		case p.Default != nil:
			without = fmt.Sprintf("`%s`", strings.ReplaceAll(strings.Trim(fmt.Sprint(p.Default), "[]"), " ", ", "))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, kind(p), without, cell1(p.Description))
	}
	return b.String()
}

// kind is the type of a setting in words.
func kind(p part) string {
	switch {
	case len(p.Enum) > 0:
		return "`" + strings.Join(p.Enum, "`, `") + "`"
	case p.Items != nil && p.Type == "array" && p.Items.Properties == nil && p.Items.OneOf == nil:
		return "list of: " + kind(*p.Items)
	case p.Type == "array":
		return "list, below"
	case p.Type == "boolean":
		return "`true`"
	case p.Type == "string":
		return "text"
	}
	return p.Type
}

// inStudy returns the lines of the whole study that are of a kind.
func inStudy(of string) (string, error) {
	b, err := regular.ReadText(whole, maxSource)
	if err != nil {
		return "", err
	}
	var lines []string
	for l := range strings.Lines(string(b)) {
		if strings.Contains(l, "kind: "+of+",") || strings.Contains(l, "kind: "+of+"}") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, ""), nil
}
