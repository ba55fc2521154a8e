package plotting

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/vg"
)

func TestTokenLabel(t *testing.T) {
	for token, want := range map[string]string{
		" the": "·the", "▁the": "·the", "\n\n": `\n\n`, "\t": `\t`, "\r\n": `\r\n`, "": `""`, "\u00a0": `\u00a0`,
		"<|begin_of_text|>": "BOS", "<s>": "BOS", "<bos>": "BOS", "<|im_start|>": "<im_start>", "<||>": "<||>", "</s>": "</s>",
		"中": `\u4e2d`, "😀": `\U0001f600`, "\xe4\xb8": `\xe4\xb8`, "\u200b": `\u200b`, "e\u0301": `e\u0301`, "\x00": `\x00`,
		"abcdefghijklmn": "abcdefghijklmn", "abcdefghijklmno": "abcdefghijklm…", "a&<b>": "a&<b>", "Grüße": "Grüße", "мир": "мир",
	} {
		if got := tokenLabel(token); got != want {
			t.Errorf("tokenLabel(%q) = %q, want %q", token, got, want)
		}
	}
}

// FuzzTokenLabel holds that any token is drawn, with ink for every character of its label, and stays short.
func FuzzTokenLabel(f *testing.F) {
	for _, s := range []string{"", " ", "a", "中文", "\xff\xfe", "\u202e\u200d", "<|x|>", "e\u0301", "👩‍👩‍👧", "\x00", "ﷺ", strings.Repeat("W", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if len(token) > 1<<12 {
			return
		}
		label := tokenLabel(token)
		if label == "" || !utf8.ValidString(label) || utf8.RuneCountInString(label) > labelLen {
			t.Fatalf("label %q of %q", label, token)
		}
		var buf sfnt.Buffer
		face := mono(tickSize)
		if face.drawable(label) != label {
			t.Errorf("label %q of %q is not drawn as it reads", label, token)
		}
		for _, r := range label {
			if !face.visible(&buf, r) {
				t.Errorf("%q in the label of %q leaves no ink", r, token)
			}
		}
		svg, err := HeatMap(grid{[][]float64{{1, -1}}, []string{token, "b"}}).Title(token).SVG()
		if err != nil || !utf8.Valid(svg) {
			t.Errorf("%q: %v", token, err)
		}
	})
}

func TestOutlinesHaveTheMeasuredWidth(t *testing.T) {
	for _, s := range []string{"Layers 3–5 carry 81 % of the support", "中文", "AVA"} {
		f := bold(titleSize)
		var right vg.Length
		for _, c := range f.outline(s, vg.Point{X: 10, Y: 10}, 0) {
			right = max(right, c.Pos.X)
		}
		if w := f.width(s); right > 10+w || right < 10+w-titleSize/4 {
			t.Errorf("%q is measured %v wide and drawn to %v", s, w, right-10)
		}
	}
}

func TestTokenLabelsNeverOverlap(t *testing.T) {
	for _, width := range []vg.Length{120, 390, 2000} {
		for n := 1; n <= 400; n += 7 {
			pitch := width / vg.Length(n)
			a := newTokenAxis(make([]string, n), pitch, []int{n - 1, 0, n / 2, min(n/2+1, n-1)})
			seen := map[float64]bool{}
			for i, p := range a.ticks {
				seen[p.Value] = true
				for _, q := range a.ticks[:i] {
					apart := vg.Length(math.Abs(p.Value-q.Value)*math.Sin(slant)) * pitch
					if apart < a.face.size*lineHeight*0.99 {
						t.Fatalf("%d tokens in %v: %v and %v are %v apart at size %v", n, width, p.Value, q.Value, apart, a.face.size)
					}
				}
			}
			if !seen[float64(n-1)] {
				t.Errorf("%d tokens in %v: the token asked for first is not labeled", n, width)
			}
			if a.all != (len(a.ticks) == n) {
				t.Errorf("%d tokens in %v: %d labels, all is %v", n, width, len(a.ticks), a.all)
			}
		}
	}
}
