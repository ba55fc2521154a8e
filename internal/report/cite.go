package report

import (
	"fmt"
	"slices"
	"strings"
)

// A paper is what BibTeX says of one.
type paper struct{ key, author, title, eprint, year string }

// papers are those whose methods a kind of result uses.
var papers = map[string][]paper{
	"attribute": {relp, sparse}, "behavior": {relp, sparse}, "edges": {sparse},
}

var (
	relp   = paper{"rezaeijafari2025relp", "Rezaei Jafari, Farnoush and Eberle, Oliver and Khakzar, Ashkan and Nanda, Neel", "{RelP}: Faithful and Efficient Circuit Discovery in Language Models via Relevance Patching", "2508.21258", "2025"}
	sparse = paper{"arora2026sparse", "Arora and Wu and Steinhardt and Schwettmann", "Language Model Circuits are Sparse in the Neuron Basis", "2601.22594", "2026"}
)

// bibtex returns what to cite: the report by the digest of its results, the program, and the methods.
func (r *Report) bibtex() string {
	refs := make([]string, len(r.Sources))
	for i, s := range r.Sources {
		refs[i] = s.Ref
	}
	id := digest(strings.Join(refs, "\n"))
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{neuronsteer-%s,\n  title = {%s},\n  note = {Report of %s; results %s; model %s},\n}\n", id[:8], tex(r.Title), tex(r.Of), id, tex(strings.Join(r.models(), ", ")))
	fmt.Fprintf(&b, "@software{neuronsteer,\n  title = {neuronsteer},\n  version = {%s},\n  url = {https://github.com/neuronsteer/neuronsteer},\n}\n", tex(r.tool()))
	var done []string
	for _, s := range r.Sources {
		for _, p := range papers[s.Kind] {
			if slices.Contains(done, p.key) {
				continue
			}
			done = append(done, p.key)
			fmt.Fprintf(&b, "@misc{%s,\n  author = {%s},\n  title = {%s},\n  year = {%s},\n  eprint = {%s},\n  archivePrefix = {arXiv},\n}\n", p.key, p.author, p.title, p.year, p.eprint)
		}
	}
	return b.String()
}
