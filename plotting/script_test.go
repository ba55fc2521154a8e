package plotting

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// TestMain: the tests see no font of the system, so that they find the same everywhere; those that need one bring it.
func TestMain(m *testing.M) {
	fonts = &fallback{folders: func() []string { return nil }}
	m.Run()
}

// TestVisualOrder: lines as they stand on the page, from left to right (Unicode Standard Annex #9).
func TestVisualOrder(t *testing.T) {
	for s, want := range map[string]string{
		"plain (1)":               "plain (1)",
		"שלום":                    "םולש",
		"שלום (עולם)":             "(םלוע) םולש",
		" (123) אב":               "בא (123) ",
		"abc אבג 123 דהו (x) end": "abc והד 123 גבא (x) end",
		"abc אבג 12 x":            "abc 12 גבא x",
		"“אבג” has 9 %":           "“גבא” has 9 %",
		"“שלום” (−0.6) and “אב”":  "“םולש” (−0.6) and “בא”",
		"אבג 12":                  "12 גבא",
		"<אב>":                    "<בא>",
		"בּ":                      "בּ", // the sign still comes after its letter
	} {
		if got := visual(s); got != want {
			t.Errorf("%q stands as %q, want %q", s, got, want)
		}
	}
}

// TestArabicLettersJoin: the shapes by hand from the charts of the presentation forms, and none where no font has them.
func TestArabicLettersJoin(t *testing.T) {
	defer func(f *fallback) { fonts = f }(fonts)
	if got := shaped("كتاب"); got != "كتاب" {
		t.Errorf("without a font: %q", got)
	}
	all := map[rune]fallbackGlyph{}
	for r := rune(0xfb50); r < 0xff00; r++ {
		all[r] = fallbackGlyph{mono().font, 1}
	}
	fonts = &fallback{found: all}
	for s, want := range map[string]string{
		"كتاب": "\ufedb\ufe98\ufe8e\ufe8f", "سلام": "\ufeb3\ufefc\ufee1", "لا": "\ufefb", "ء": "\ufe80", "گپ": "\ufb94\ufb57", "بَب": "\ufe91\u064e\ufe90",
		"یخ": "\ufbfe\ufea6", "می\u200cخ": "\ufee3\ufbfd\ufea5", "ي": "\ufef1", "ab": "ab",
	} {
		if got := shaped(s); got != want {
			t.Errorf("%q has the shapes %+q, want %+q", s, got, want)
		}
	}
}

// withFont makes a folder with the one font that has all of Latin, and files that are none, the only fonts there are.
func withFont(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{"sub/Go-Regular.ttf": goregular.TTF, "ASans-Regular.ttf": []byte("no font"), "BSans-Regular.ttc": nil, "readme.txt": goregular.TTF} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "sub"), 0o755), os.WriteFile(filepath.Join(dir, name), data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	before := fonts
	t.Cleanup(func() { fonts = before })
	fonts = &fallback{folders: func() []string { return []string{dir, "relative", filepath.Join(dir, "none")} }}
}

// only is a character that Go Regular has and the figures' own fonts lack.
func only(t *testing.T) string {
	other, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	for r := rune(0xa1); r < 0x3000; r++ {
		_, in := mono().glyph(&buf, r)
		_, sansHas := sans(8).glyph(&buf, r)
		if _, ok := inked(other, &buf, r); ok && !in && !sansHas {
			return string(r)
		}
	}
	t.Fatal("no such character")
	return ""
}

// TestFontsOfTheSystemShowWhatOursLack, and nothing is looked for before it is missing.
func TestFontsOfTheSystemShowWhatOursLack(t *testing.T) {
	rare := only(t)
	fig := func() *Figure { return HeatMap(grid{[][]float64{{1, -1}}, []string{rare, "b"}}) }
	boxed := must(fig().SVG())
	withFont(t)
	_ = must(ByLayer(profile(4)).Title("Grüße, мир").SVG())
	if fonts.found != nil {
		t.Error("fonts were looked for though none was needed")
	}
	drawn := must(fig().SVG())
	if bytes.Equal(boxed, drawn) || strings.Contains(string(drawn), "= U+") {
		t.Error("the font of the system is not used")
	}
	signs := slices.Collect(mono().signs(rare + "中"))
	if len(signs) != 2 || signs[0].font == nil || signs[0].font == mono().font || signs[1].lacking != "中" {
		t.Errorf("%d signs: %+v", len(signs), signs)
	}
}

// TestWhatNoFontHasIsNumbered: nothing vanishes, and the heading says what the boxes are, in the order in which they stand.
func TestWhatNoFontHasIsNumbered(t *testing.T) {
	fig := HeatMap(grid{[][]float64{{1, -3, 2}}, []string{" 中文", "😀", "中文"}})
	d := must(fig.drawing())
	key := new(lacking)
	for _, want := range []int{2, 2} {
		if _, err := fig.drawOn(func(w, h vg.Length) page { return vgsvg.New(w, h) }, d, key); err != nil || len(key.runs) != want {
			t.Errorf("%q, %v", key.runs, err)
		}
	}
	if got, want := key.key(), "😀 = U+1F600 emoji, 中文 = U+4E2D U+6587 Chinese"; strings.ReplaceAll(got, hold, " ") != want {
		t.Errorf("the key is %q, want %q", got, want)
	}
	if plain, boxed := picture(t, HeatMap(grid{[][]float64{{1, -3, 2}}, []string{" aa", "b", "aa"}})), picture(t, fig); boxed.Bounds().Dy() <= plain.Bounds().Dy() {
		t.Errorf("with a key it is %v high, without %v", boxed.Bounds().Dy(), plain.Bounds().Dy())
	}
	many := new(lacking)
	for r := rune(0x4e00); r < 0x4e00+30; r++ {
		many.number(strings.Repeat(string(r), 9))
	}
	if s := many.key(); !strings.Contains(s, "and"+hold+"6"+hold+"more") || !strings.Contains(s, "U+4E00"+hold+"…"+hold+"U+4E00") {
		t.Error(s)
	}
}

// TestNothingIsEscaped: whatever the script, labels, titles and alternative texts hold it as it is.
func TestNothingIsEscaped(t *testing.T) {
	for _, s := range []string{"中文", " שלום", "العربية", "😀", "हिन्दी", "한국", "ไทย", "\u200b", "\u202e", "\x00"} {
		fig := HeatMap(grid{[][]float64{{9, -1}}, []string{s, "b"}})
		for what, text := range map[string]string{"title": fig.TitleText(), "alt": fig.Alt(), "svg": string(must(fig.SVG()))} {
			if strings.Contains(text, `\u`) || strings.Contains(text, `\U`) || what != "svg" && s > "\u0080" && s != "\u202e" && s != "\u200b" && !strings.Contains(text, strings.TrimSpace(s)) {
				t.Errorf("%q, %s: %.200s", s, what, text)
			}
		}
	}
}

// TestSpecialTokensStayWhole: no line breaks within one, and no ellipsis cuts one.
func TestSpecialTokensStayWhole(t *testing.T) {
	const title = "“<|im_start|>” and “<|start_header_id|>” have most of the score, and </s> the rest of it"
	for room := 40; room < 500; room += 3 {
		for _, lines := range []int{1, 2, 3} {
			for _, l := range wrap(bold(titleSize), title, vg.Length(room), lines) {
				for _, special := range []string{"<|im_start|>", "<|start_header_id|>", "</s>"} {
					if bold(titleSize).width(special)+12 > vg.Length(room) {
						continue // it fits on no line
					}
					for n := 1; n < len(special); n++ {
						if strings.HasSuffix(strings.TrimSuffix(l, "…"), special[:n]) && n > 2 {
							t.Fatalf("%d wide, %d lines: %q ends within %s", room, lines, l, special)
						}
					}
				}
			}
		}
	}
	if got := shortLabel([]string{"a"}, labelLen); got != "a" {
		t.Error(got)
	}
}
