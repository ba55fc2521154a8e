package kernelproxy

import (
	"slices"
	"strings"
)

// forgets says whether a cell makes GoNB forget what was declared, the imports included.
func forgets(code string) bool {
	return slices.ContainsFunc(strings.Split(code, "\n"), func(line string) bool {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "//gonb:"))
		return line == "%reset" || strings.HasPrefix(line, "%reset ") || strings.HasPrefix(line, "%rm ") || strings.HasPrefix(line, "%remove ")
	})
}
