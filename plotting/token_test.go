package plotting

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
)

func TestTokenLabel(t *testing.T) {
	for token, want := range map[string]string{
		" the": "·the", "▁the": "·the", "\n\n": `\n\n`, "\t": `\t`, "\r\n": `\r\n`, "": `""`, "\u00a0": "‹U+00A0›",
		"<|begin_of_text|>": "BOS", "<s>": "BOS", "<bos>": "BOS", "<|im_start|>": "<|im_start|>", "<||>": "<||>", "</s>": "</s>",
		"<|start_header_id|>": "<|start_header_id|>", "<|reserved_special_token_2500000|>": "<|reserved_special_token_250000…",
		"中": "中", "😀": "😀", "\xe4\xb8": `\xe4\xb8`, "\u200b": "‹U+200B›", "e\u0301": "e\u0301", "\u0301": "◌\u0301", "\x00": "‹U+0000›", `\n`: `\\n`, "·": "‹U+00B7›",
		"abcdefghijklmnop": "abcdefghijklmnop", "abcdefghijklmnopq": "abcdefghijklmno…", "\ufffd": "‹U+FFFD›", "שלום": "שלום",
		"\x1b[31m": "‹U+001B›[31m", "\u202eevil": "‹U+202E›evil", "\u2066": "‹U+2066›", "\u200f": "‹U+200F›", "\u009b": "‹U+009B›", "\x07": "‹U+0007›", "a&<b>": "a&<b>", "Grüße": "Grüße", "мир": "мир",
	} {
		if got := tokenLabels([]string{token})[0]; got != want {
			t.Errorf("%q is drawn as %q, want %q", token, got, want)
		}
	}
}

// TestWhatActsIsNotDrawn: the fonts have glyphs for some of what turns text around.
func TestWhatActsIsNotDrawn(t *testing.T) {
	for s, want := range map[string]string{
		"a\u202eb\u200f\u2066\u200d\x1b\ufffd\n": "a‹U+202E›b‹U+200F›‹U+2066›‹U+200D›‹U+001B›‹U+FFFD› ",
		"👩\u200d💻 \u06cc\u200c\u062e ❤\ufe0f":    "👩\u200d💻 \u06cc\u200c\u062e ❤\ufe0f", // within a word they are there for the shapes of others
		"\ufe0f \u200d": "‹U+FE0F› ‹U+200D›", "\u0301 \u0301e\u0301": "◌\u0301 ◌\u0301e\u0301",
	} {
		if got := drawable(s); got != want || drawable(got) != got {
			t.Errorf("%q is drawn as %q, want %q; again %q", s, got, want, drawable(got))
		}
	}
}

// TestSplitCharactersAreJoined: a character whose bytes are several tokens is named, not its bytes.
func TestSplitCharactersAreJoined(t *testing.T) {
	for _, c := range []struct{ tokens, want []string }{
		{[]string{"\xe5\xb7", "\xb4", "黎"}, []string{"巴[1/2]", "巴[2/2]", "黎"}},
		{[]string{"\xf0\x9f", "\x98", "\x80", "!"}, []string{"😀[1/3]", "😀[2/3]", "😀[3/3]", "!"}},
		{[]string{" caf\xc3", "\xa9s"}, []string{"·café[1/2]", "é[2/2]s"}},
		{[]string{"\xc3", "", "\xa9"}, []string{"é[1/2]", `""`, "é[2/2]"}},
		{[]string{"\xe5\xb7", "a", "\xb4"}, []string{`\xe5\xb7`, "a", `\xb4`}},
		{[]string{"<s>", "\xc2", "\xa0"}, []string{"BOS", "‹U+00A0›[1/2]", "‹U+00A0›[2/2]"}},
		{[]string{"\xe2\x80", "\xae"}, []string{"‹U+202E›[1/2]", "‹U+202E›[2/2]"}},
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
		face := mono()
		for _, tokens := range [][]string{{s, "b"}, {s[:at], s[at:]}} {
			for i, label := range tokenLabels(tokens) {
				if label == "" || !utf8.ValidString(label) || utf8.RuneCountInString(label) > specialLen || strings.ContainsRune(label, utf8.RuneError) {
					t.Fatalf("label %q of %q", label, tokens[i])
				}
				if drawable(label) != label || spelled(label) != label {
					t.Errorf("label %q of %q is not drawn as it reads", label, tokens[i])
				}
				shown := 0
				for m := range face.signs(label) {
					if shown++; m.font == nil {
						shown += utf8.RuneCountInString(m.lacking) - 1
					}
				}
				hidden := func(r rune) bool { return joins(r) || unicode.Is(unicode.Variation_Selector, r) }
				for _, r := range label {
					if hidden(r) {
						shown++
					}
				}
				if letters := utf8.RuneCountInString(label); shown < letters-strings.Count(label, "ل") { // lam and alef are one
					t.Errorf("%d signs show the %d characters of %q", shown, letters, label)
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
	const plain = `a‹U+001B›[31m‹U+202E›b‹U+2066›‹U+200F›‹U+009B›c‹U+0007›‹U+007F›‹U+FEFF›\xff tab line`
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
	for s, want := range map[string]string{"👩‍👩‍👧": "👩‍👩‍👧", "\u06cc\u200c\u062e": "\u06cc\u200c\u062e", "巴黎": "巴黎", "\U000e0041": "‹U+E0041›"} {
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
		for _, c := range f.outline(s, vg.Point{X: 10, Y: 10}, 0, new(lacking).number) {
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
