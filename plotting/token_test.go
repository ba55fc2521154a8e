package plotting

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/vg"
)

func TestTokenLabel(t *testing.T) {
	for token, want := range map[string]string{
		" the": "·the", "▁the": "·the", "\n\n": `\n\n`, "\t": `\t`, "\r\n": `\r\n`, "": `""`, "\u00a0": `\u00a0`,
		"<|begin_of_text|>": "BOS", "<s>": "BOS", "<bos>": "BOS", "<|im_start|>": "<im_start>", "<||>": "<||>", "</s>": "</s>",
		"中": `\u4e2d`, "😀": `\U0001f600`, "\xe4\xb8": `\xe4\xb8`, "\u200b": `\u200b`, "e\u0301": `e\u0301`, "\x00": `\u0000`, `\n`: `\\n`, "·": `\u00b7`,
		"abcdefghijklmnop": "abcdefghijklmnop", "abcdefghijklmnopq": "abcdefghijklmno…", "\ufffd": `\ufffd`,
		"\x1b[31m": `\u001b[31m`, "\u202eevil": `\u202eevil`, "\u2066": `\u2066`, "\u200f": `\u200f`, "\u009b": `\u009b`, "\x07": `\u0007`, "a&<b>": "a&<b>", "Grüße": "Grüße", "мир": "мир",
	} {
		if got := tokenLabels([]string{token})[0]; got != want {
			t.Errorf("%q is drawn as %q, want %q", token, got, want)
		}
	}
}

// TestWhatActsIsNotDrawn: the fonts have glyphs for some of what turns text around.
func TestWhatActsIsNotDrawn(t *testing.T) {
	for _, f := range []typeface{sans(tickSize), bold(tickSize), mono()} {
		if got, want := f.drawable("a\u202eb\u200f\u2066\u200d\x1b\ufffd\n"), `a\u202eb\u200f\u2066\u200d\u001b\ufffd `; got != want {
			t.Errorf("%q is drawn, want %q", got, want)
		}
	}
}

// TestSplitCharactersAreJoined: a character whose bytes are several tokens is named, not its bytes.
func TestSplitCharactersAreJoined(t *testing.T) {
	for _, c := range []struct{ tokens, want []string }{
		{[]string{"\xe5\xb7", "\xb4", "黎"}, []string{`\u5df4[1/2]`, `\u5df4[2/2]`, `\u9ece`}},
		{[]string{"\xf0\x9f", "\x98", "\x80", "!"}, []string{`\U0001f600[1/3]`, `\U0001f600[2/3]`, `\U0001f600[3/3]`, "!"}},
		{[]string{" caf\xc3", "\xa9s"}, []string{"·café[1/2]", "é[2/2]s"}},
		{[]string{"\xc3", "", "\xa9"}, []string{"é[1/2]", `""`, "é[2/2]"}},
		{[]string{"\xe5\xb7", "a", "\xb4"}, []string{`\xe5\xb7`, "a", `\xb4`}},
		{[]string{"<s>", "\xc2", "\xa0"}, []string{"BOS", `\u00a0[1/2]`, `\u00a0[2/2]`}},
		{[]string{"\xe2\x80", "\xae"}, []string{`\u202e[1/2]`, `\u202e[2/2]`}},
	} {
		if got := tokenLabels(c.tokens); !slices.Equal(got, c.want) {
			t.Errorf("%q are drawn as %q, want %q", c.tokens, got, c.want)
		}
	}
}

// FuzzTokenLabel holds that any token, and any text cut into tokens between two bytes, is drawn, with ink for every
// character of its labels; that those stay short; and that neither they nor what the figure says hold anything that
// acts on what shows them.
func FuzzTokenLabel(f *testing.F) {
	for _, s := range []string{"", " ", "a", "中文", "巴黎", "\xff\xfe", "\u202e\u200d", "<|x|>", "e\u0301", "👩‍👩‍👧", "\x00", "ﷺ", "\x1b[2J", "\u009b31m", "\ufffd", strings.Repeat("W", 300)} {
		f.Add(s, uint(1))
	}
	f.Fuzz(func(t *testing.T, s string, cut uint) {
		if len(s) > 1<<9 {
			return
		}
		at := int(cut % uint(len(s)+1))
		var buf sfnt.Buffer
		face := mono()
		for _, tokens := range [][]string{{s, "b"}, {s[:at], s[at:]}} {
			for i, label := range tokenLabels(tokens) {
				if label == "" || !utf8.ValidString(label) || utf8.RuneCountInString(label) > labelLen || strings.ContainsRune(label, utf8.RuneError) {
					t.Fatalf("label %q of %q", label, tokens[i])
				}
				if face.drawable(label) != label || spelled(label) != label {
					t.Errorf("label %q of %q is not drawn as it reads", label, tokens[i])
				}
				for _, r := range label {
					if !face.visible(&buf, r) {
						t.Errorf("%q in the label of %q leaves no ink", r, tokens[i])
					}
				}
			}
			fig := HeatMap(namedGrid{grid{[][]float64{{1, -1}}, tokens}, s}).Title(s)
			svg, err := fig.SVG()
			if err != nil || !utf8.Valid(svg) {
				t.Errorf("%q: %v", s, err)
			}
			for _, text := range []string{fig.TitleText(), fig.Alt(), fig.Plot().Title.Text, string(svg)} {
				if r := acts(text); r != 0 {
					t.Errorf("%q: %q stands in %.300q", s, r, text)
				}
			}
		}
	})
}

// namedGrid is a grid that says everything about itself with one text.
type namedGrid struct {
	grid
	text string
}

func (g namedGrid) Name() string     { return g.text }
func (g namedGrid) Method() string   { return g.text }
func (g namedGrid) About() string    { return g.text }
func (g namedGrid) Unit() string     { return g.text }
func (g namedGrid) N() (int, string) { return 2, g.text }

// acts returns the first character of a text that acts on a terminal or on the direction of the text; 0 is none.
func acts(text string) rune {
	for _, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Bidi_Control) || r == '\ufeff' {
			return r
		}
	}
	return 0
}

// TestNothingActsOnWhatShowsIt: whatever names, units and titles hold, in titles and alternative texts it is spelled.
func TestNothingActsOnWhatShowsIt(t *testing.T) {
	const evil = "a\x1b[31m\u202eb\u2066\u200f\u009bc\a\x7f\ufeff\xff\ttab\nline"
	const plain = `a\u001b[31m\u202eb\u2066\u200f\u009bc\u0007\u007f\ufeff\xff tab line`
	d := sigmoid(evil, .5, 8, 20)
	m := sets(3)
	m.names[0] = evil
	for name, fig := range map[string]*Figure{
		"heat":    HeatMap(namedGrid{grid{[][]float64{{1, -1}}, []string{evil, "b"}}, evil}),
		"titled":  ByLayer(profile(4)).Title(evil).Subtitle(evil),
		"dose":    DoseResponse(d, sigmoid("b", .2, 8, 0)),
		"overlap": Overlap(m),
		"plot":    func() *Figure { f := ByLayer(profile(4)); f.Plot().Title.Text = evil; return f }(),
	} {
		svg, err := fig.SVG()
		if err != nil {
			t.Fatal(err)
		}
		for what, text := range map[string]string{"title": fig.TitleText(), "alt": fig.Alt(), "svg": string(svg)} {
			if r := acts(text); r != 0 || strings.ContainsRune(text, '\ufffd') {
				t.Errorf("%s, %s: %q in %q", name, what, r, text)
			}
		}
		if name != "heat" && !strings.Contains(fig.Alt(), plain) {
			t.Errorf("%s: %q lacks %q", name, fig.Alt(), plain)
		}
	}
	for s, want := range map[string]string{"👩‍👩‍👧": "👩‍👩‍👧", "\u06cc\u200c\u062e": "\u06cc\u200c\u062e", "巴黎": "巴黎", "\U000e0041": `\U000e0041`} {
		if got := spelled(s); got != want {
			t.Errorf("%q is spelled %q, want %q", s, got, want)
		}
		if again := spelled(spelled(s)); again != spelled(s) {
			t.Errorf("spelling %q twice gives %q", s, again)
		}
	}
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
			a := newSlantedAxis(monoFont, make([]string, n), pitch, []int{n - 1, 0, n / 2, min(n/2+1, n-1)})
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
