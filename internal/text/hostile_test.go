package text

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSoundBounds refuses files that would take minutes or gigabytes of the library.
func TestSoundBounds(t *testing.T) {
	const bpe = `"model":{"type":"BPE","vocab":{"a":0},"merges":[]}`
	replace := `{"type":"Replace","pattern":{"String":"a"},"content":"` + strings.Repeat("a", 30) + `"}`
	added := func(n int, content string) string {
		one := fmt.Sprintf(`{"id":1,"content":%q,"special":true},`, content)
		return `"added_tokens":[` + strings.TrimSuffix(strings.Repeat(one, n), ",") + `]`
	}
	for file, want := range map[string]string{
		`{` + bpe + `,"normalizer":{"type":"Sequence","normalizers":[` + replace + `,` + replace + `]}}`:                      "times as long",
		`{` + bpe + `,"normalizer":{"type":"Replace","pattern":{"Regex":"x*"},"content":"` + strings.Repeat("a", 200) + `"}}`: "times as long",
		`{` + bpe + `,"normalizer":{"type":"Prepend","prepend":"` + strings.Repeat("a", 200) + `"}}`:                          "times as long",
		`{` + bpe + `,"decoder":{"type":"Sequence","decoders":[` + replace + `,` + replace + `]}}`:                            "times as long",
		`{` + bpe + `,` + added(maxAdded+1, "<x>") + `}`:                                                                      "added tokens",
		`{` + bpe + `,` + added(1, strings.Repeat("x", maxMarker+1)) + `}`:                                                    "bytes",
	} {
		if _, err := sound([]byte(file), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200s: %v, want %q", file, err, want)
		}
	}
	llama2 := `{` + bpe + `,"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}}`
	if _, err := sound([]byte(llama2), nil); err != nil {
		t.Errorf("the normalizer of Llama 2 is refused: %v", err)
	}
}

// TestManyMarkers: a text that is full of markers, and of their beginnings, is read in time.
func TestManyMarkers(t *testing.T) {
	v := &vocab{}
	for i := range maxAdded {
		v.markers = append(v.markers, fmt.Sprintf("<|reserved_special_token_%d|>", i))
	}
	v.places = newTrie(v.markers)
	start := time.Now()
	for text, want := range map[string]int{
		strings.Repeat("<|reserved_special_token_", 40_000):     0,
		strings.Repeat("<|reserved_special_token_19|>", 40_000): 40_000,
	} {
		if got := v.find(text); len(got) != want {
			t.Errorf("%d markers are found, want %d", len(got), want)
		}
	}
	v.guarded(strings.Repeat("<|reserved_special_token_19|>", 40_000))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestFindLongest: of several markers at one place the longest is found, and what is found does not overlap.
func TestFindLongest(t *testing.T) {
	v := &vocab{markers: []string{"<a", "<a>", "a>b", "<a"}}
	v.places = newTrie(v.markers)
	got := fmt.Sprint(v.find("x<a>b<a"))
	if want := "[{1 4 1} {5 7 0}]"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}
