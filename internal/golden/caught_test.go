package golden

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// twoCases reduces the teaching folder to two of its cases.
func twoCases(t testing.TB) (files, *replay) {
	f, _ := teaching(t)
	keep := []string{"agreement", "chat_capital", "contrast", "control"}
	f = f.with(t, []string{"cases"}, func(v any) any {
		for name := range v.(map[string]any) {
			if !slices.Contains(keep, name) {
				delete(v.(map[string]any), name)
			}
		}
		return v
	})
	all := unpack(t, f.tensors)
	for name := range all {
		if of, _, _ := strings.Cut(name, "/"); !slices.Contains(keep, of) {
			delete(all, name)
		}
	}
	f.tensors = pack(t, all)
	return f, replayCases(t, f, teachingDir)
}

// redundant is what differs from its neighbors in its numbers only.
var redundant = regexp.MustCompile(`^(prompts\[2\]|p2\.|tokenizer\[[4-9]\]|tokenizer\[1[0-9]\])`)

// lengthless are the lists of the strongest whose length the format leaves to the file.
var lengthless = regexp.MustCompile(`^prompts\[\d+\]\.(top|edges\.circuit)$|^contrast\.(top|decompositionTop)$`)

// TestEveryChangeIsCaught changes every key and every tensor that a check compares, one at a time: a check that passes
// all the same compares nothing.
func TestEveryChangeIsCaught(t *testing.T) {
	for name, open := range map[string]func(testing.TB) (files, *replay){"prompts": tiny, "cases": twoCases} {
		t.Run(name, func(t *testing.T) {
			f, r := open(t)
			doc := f.document(t)
			on := r.target()
			if got, out := examine(t, doc, on); !got.passed() {
				t.Fatalf("unchanged: %v\n%s", got, out)
			}
			changes := 0
			caught := func(what string, f files) {
				changes++
				if got, _ := examine(t, f.document(t), on); got.passed() {
					t.Errorf("%s was changed and the check still passes", what)
				}
			}
			for _, s := range doc.sources {
				switch {
				case !s.compared, redundant.MatchString(s.name()):
				case s.tensor:
					dtype := unpack(t, f.tensors)[s.name()].DType
					for how, spoil := range spoiled(dtype) {
						caught("tensor "+s.name()+" "+how, f.withTensor(t, s.name(), func(x *rawTensor) { spoil(x.bytes) }))
					}
					caught("the shape of "+s.name(), f.withTensor(t, s.name(), func(x *rawTensor) { x.Shape = append([]int{1, 1}, x.Shape...) }))
				default:
					for _, m := range mutants(s.value) {
						if l, ok := m.([]any); ok && lengthless.MatchString(s.name()) && len(l) < len(s.value.([]any)) {
							continue // the format states no length: a shorter list is another file, not a wrong one
						}
						caught(s.name(), f.with(t, s.path, func(any) any { return m }))
					}
				}
			}
			if changes < 100 {
				t.Errorf("only %d changes were tried", changes)
			}
			t.Logf("%d changes", changes)
		})
	}
}
