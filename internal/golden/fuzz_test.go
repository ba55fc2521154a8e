package golden

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// FuzzManifest checks a model against any manifest: it is refused or reported, nothing panics, and an unread key never
// passes.
func FuzzManifest(f *testing.F) {
	g, r := tiny(f)
	h, q := twoCases(f)
	first := func(v any) any { return v.([]any)[:1] } // small seeds: a whole manifest takes long to mutate
	f.Add(g.with(f, []string{"prompts"}, first).with(f, []string{"tokenizer"}, first).manifest, true)
	f.Add(h.with(f, []string{"cases", "agreement"}, func(any) any { return nil }).manifest, false)
	for _, s := range []string{
		`{"prompts":[{"text":"a","ids":[1],"terms":[[0,1,2]],"steer":[{"factor":2,"neurons":[[0,0],[9,9,9]]}]}]}`,
		`{"prompts":[{"text":1,"ids":[[]],"terms":[[0,1,null]]}],"tolerance":{"logitsAbs":"x"}}`,
		`{"prompts":[{"text":"The keys to the cabinet","ids":[1,2],"terms":[[1,3,null]],"select":{"topkLast2":{"k":-5,"start":99,"circuit":[[1]]}}}]}`,
		`{"cases":{"agreement":{"prompt":"x","target":"","versus":"y","top5":[[1,2]],"circuit":[[0,999]],"tokens":{}}}}`,
		`{"cases":[]}`, `{"prompts":{}}`, `[]`, `{`, `{"prompts":[]}x`,
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, manifest []byte, first bool) {
		of, on := h.tensors, q
		if first {
			of, on = g.tensors, r
		}
		tensors, err := tensorfile.Parse(of)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parse("golden.json", manifest, tensors)
		if err != nil {
			return
		}
		cases, err := formatOf(doc)
		if err != nil {
			return
		}
		rep := &report{out: &strings.Builder{}}
		cases(newCheck(t.Context(), doc, on.target(), rep))
		if err := finish(t.Context(), doc, rep); err != nil {
			t.Fatal(err)
		}
		for _, s := range doc.sources {
			if _, _, why := doc.why(s); !s.compared && why == "" && rep.tally.passed() {
				t.Errorf("%s was not compared, and the folder passes", s.name())
			}
		}
	})
}
