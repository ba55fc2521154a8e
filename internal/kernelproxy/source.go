package kernelproxy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// bare is an import of gonbext without its name. GoNB would take it for another package than the one that is imported
// already as nb, and the name would be declared twice.
var bare = regexp.MustCompile(`(?m)^([ \t]*(?:import[ \t]*\(?[ \t]*)?)("` + regexp.QuoteMeta(module) + `/gonbext")`)

// rewritten is the request that GoNB gets: as it came, unless the cell has a bare import.
func rewritten(m *jupyter.Message, code string) *jupyter.Message {
	if !bare.MatchString(code) {
		return m
	}
	var content map[string]any
	if m.Read(&content) != nil {
		return m
	}
	content["code"] = bare.ReplaceAllString(code, "${1}nb ${2}")
	c := *m
	if c.Change(content) != nil {
		return m
	}
	return &c
}

// forgets says whether a cell makes GoNB forget what was declared, the imports included.
func forgets(code string) bool {
	return slices.ContainsFunc(strings.Split(code, "\n"), func(line string) bool {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "//gonb:"))
		return line == "%reset" || strings.HasPrefix(line, "%reset ") || strings.HasPrefix(line, "%rm ") || strings.HasPrefix(line, "%remove ")
	})
}
