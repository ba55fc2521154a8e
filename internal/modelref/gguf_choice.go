package modelref

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ChooseGGUF picks one model of those that the .gguf files of a repository are, all its parts, the first part first.
// wanted is a path in the repository, or what the name ends with, such as Q4_K_M, in any case; empty means the only one.
// ask is how people name one of several. Files that go with a model and are none (mmproj, imatrix) do not count.
func ChooseGGUF(names []string, wanted string, ask func(file string) string) ([]string, error) {
	models := map[string][]string{} // by the path of the first part
	for _, name := range names {
		base := strings.ToLower(path.Base(name))
		if path.Ext(base) != ".gguf" || strings.HasPrefix(base, "mmproj") || strings.HasPrefix(base, "imatrix") {
			continue
		}
		all, _ := parts(name)
		for i := range all {
			all[i] = filepath.ToSlash(all[i])
		}
		models[all[0]] = all
	}
	var firsts, fit []string
	for first, all := range models {
		firsts = append(firsts, first)
		if wanted == "" || slices.Contains(all, wanted) || endsWith(all[0], wanted) {
			fit = append(fit, first)
		}
	}
	slices.Sort(firsts)
	slices.Sort(fit)
	switch {
	case len(firsts) == 0:
		return nil, fmt.Errorf("it has no .gguf file of a model")
	case len(fit) == 1:
		return models[fit[0]], nil
	case len(fit) == 0:
		return nil, fmt.Errorf("it has no %q; it has %s", wanted, FirstTen(firsts, ", "))
	}
	return nil, fmt.Errorf("it has %d models: %s; name one of them, e.g. %q", len(fit), FirstTen(fit, ", "), ask(fit[0]))
}

// endsWith says whether the name of a model's file ends with a word, such as that of its quantization.
func endsWith(first, word string) bool {
	_, name := parts(first)
	name, word = strings.ToLower(name), strings.ToLower(word)
	rest, ok := strings.CutSuffix(name, word)
	return ok && (rest == "" || strings.ContainsAny(rest[len(rest)-1:], "-._"))
}
