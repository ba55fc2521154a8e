package golden

import (
	"strings"
	"testing"
)

const (
	tinyDir     = "../../testdata/golden/tiny-llama"
	teachingDir = "../../testdata/teaching"
)

func tiny(t testing.TB) (files, *replay) {
	f := readFiles(t, tinyDir)
	return f, replayPrompts(t, f, tinyDir)
}

func teaching(t testing.TB) (files, *replay) {
	f := readFiles(t, teachingDir+"/golden")
	return f, replayCases(t, f, teachingDir)
}

func TestFolderAgainstItself(t *testing.T) {
	for name, open := range map[string]func(testing.TB) (files, *replay){"prompts": tiny, "cases": teaching} {
		t.Run(name, func(t *testing.T) {
			f, r := open(t)
			got, out := examine(t, f.document(t), r.target())
			if !got.passed() || got.left == 0 || strings.Contains(out, "MISS") {
				t.Errorf("%v\n%s", got, out)
			}
			t.Log(out)
		})
	}
}
