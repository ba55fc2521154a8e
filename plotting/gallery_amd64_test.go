package plotting

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
)

// A galleryCase is a figure at its best or worst.
type galleryCase struct {
	name string
	fig  *Figure
}

// galleryCases are what the gallery shows, by what each function is for.
func galleryCases() (sections []struct {
	title string
	cases []galleryCase
}) {
	add := func(title string, cases ...galleryCase) {
		sections = append(sections, struct {
			title string
			cases []galleryCase
		}{title, cases})
	}
	scripts := []string{"<s>", "<|im_start|>", "中文", " שלום", " العربية", "😀", "हिन्दी", "e\u0301", "\u200b", strings.Repeat("long", 20), "\n"}
	add("ByLayer", galleryCase{"30 layers", ByLayer(toldLayered{layered: profile(30)})}, galleryCase{"one bar", ByLayer(profile(1))}, galleryCase{"1,000 bars", ByLayer(profile(1000))},
		galleryCase{"a huge outlier", ByLayer(toldLayered{layered: spiked(24)})}, galleryCase{"the same, log-like", ByLayer(toldLayered{layered: spiked(24)}).SymLog()}, galleryCase{"for a column, without a heading", ByLayer(profile(12)).Untitled().Width(3.25)})
	add("HeatMap", galleryCase{"6 layers, 8 tokens", HeatMap(toldGrid{grid: landscape(6, tokens(8))})}, galleryCase{"scripts that no font has, names that nobody sees", HeatMap(landscape(6, scripts))},
		galleryCase{"60 tokens", HeatMap(landscape(24, tokens(60)))}, galleryCase{"a huge outlier", HeatMap(toldGrid{grid: spikedGrid(12, tokens(12))})}, galleryCase{"all zero", HeatMap(grid{[][]float64{{0, 0}, {0, 0}}, []string{"a", "b"}})})
	add("TokenStrip", galleryCase{"24 tokens", TokenStrip(tinting(tokens(24)))}, galleryCase{"any script", TokenStrip(tinting(scripts))}, galleryCase{"one token", TokenStrip(tinting(tokens(1)))})
	add("DoseResponse", galleryCase{"with random circuits", DoseResponse(sigmoid("20 neurons", .5, 8, 20))}, galleryCase{"four curves", DoseResponse(dozen(4)...)}, galleryCase{"12 curves", DoseResponse(dozen(12)...)},
		galleryCase{"beside an instruction", DoseResponse(instructed{sigmoid("20 neurons", .5, 8, 20), [3]float64{4.2, 3.1, 5.5}, true})})
	before, after := changed()
	add("BeforeAfter", galleryCase{"another token is first", BeforeAfter(before, after)}, galleryCase{"nothing changes", BeforeAfter(before, before)})
	add("Overlap and UpSet", galleryCase{"five circuits by pairs", Overlap(sets(5))}, galleryCase{"five circuits", UpSet(sharing(5)...)}, galleryCase{"two circuits", UpSet(sharing(2)...)})
	add("Cumulative", galleryCase{"two rankings", Cumulative(steep("relevance", 46080, 1.1), steep("gradient", 4608, .4))}, galleryCase{"three scores", Cumulative(steep("few", 3, 1))})
	add("ByPrompt", galleryCase{"12 neurons on 9 prompts", ByPrompt(acting(12, 9))}, galleryCase{"one neuron on one prompt", ByPrompt(acting(1, 1))})
	add("Forest", galleryCase{"beside chance", Forest(measuring(9, 20))}, galleryCase{"one effect", Forest(measuring(1, 0))})
	add("Faithfulness and Explained", galleryCase{"faithfulness", Faithfulness(carrying(19))}, galleryCase{"a vector by neurons", Explained(spans(12, 50))})
	add("Graph and LayerFlow", galleryCase{"a circuit", Graph(network(12, 6, tokens(5), false))}, galleryCase{"its flow", LayerFlow(network(12, 6, tokens(5), false))})
	add("Attention", galleryCase{"heads", AttentionHeads(looking(4, tokens(6)))}, galleryCase{"one head", AttentionHead(looking(2, tokens(6)), 1)})
	add("LogitLens", galleryCase{"6 layers", LogitLens(forming(6, tokens(5)))})
	add("Profiles", galleryCase{"in groups", Profiles(reading(tokens(8), outcomes(11), 12, 7, 4))})
	add("Methods and Specifications", galleryCase{"methods", Methods(compared(4, 6))}, galleryCase{"a specification curve", Specifications(specified(2, true))})
	add("Scatter and Calibration", galleryCase{"two measurements", Scatter(judged{estimates(60, .15), .71, .62, .78})}, galleryCase{"strengths", Calibration(within())})
	return sections
}

// refused are figures of numbers that cannot be drawn, and say so.
var refused = []galleryCase{
	{"nothing", ByLayer(layered{})},
	{"a score that is no number", HeatMap(grid{[][]float64{{1, nan()}}, []string{"a", " b"}})},
	{"a ranking that rises", Cumulative(rankedScores{v: []float64{1, 2}})},
}

func nan() float64 { var zero float64; return zero / zero }

// TestGallery holds docs/gallery.html to the figures as they are drawn now; -regen writes it. The page needs nothing else, and no
// font of the system was seen.
func TestGallery(t *testing.T) {
	const path = "../docs/gallery.html"
	page := gallery(t)
	if *regen {
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, page) {
		t.Errorf("the gallery is not what figures look like now (%v); run go test ./plotting -run TestGallery -regen and look at it", err)
	}
	for _, f := range pagecheck.Page("gallery.html", page) {
		t.Error(f)
	}
	if n := len(page); n > 3<<20 {
		t.Errorf("the gallery has %d bytes", n)
	}
	t.Logf("%d KB", len(page)>>10)
}

func gallery(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>neuronsteer: all figures</title>
<style>
body { margin: 0 auto; max-width: 1360px; padding: 1rem; font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff }
figure { margin: 0 0 1.5rem }
figcaption { font-weight: 600 }
.pair { display: flex; flex-wrap: wrap; gap: .75rem; align-items: flex-start }
.pair img { max-width: 100%; height: auto; border: 1px solid #d1d9e0 }
code { font-size: 14px }
</style>
</head>
<body>
<h1>All figures, with their worst cases</h1>
<p>Drawn from constructed numbers by <code>go test ./plotting -run TestGallery -regen</code>, in light and in dark, without any font of the system.</p>
`)
	for _, s := range galleryCases() {
		fmt.Fprintf(&b, "<h2>%s</h2>\n", html.EscapeString(s.title))
		for _, c := range s.cases {
			fmt.Fprintf(&b, "<figure>\n<figcaption>%s</figcaption>\n<div class=\"pair\">\n", html.EscapeString(capitalized(c.name)))
			for theme, f := range []*Figure{c.fig, c.fig.Dark()} {
				alt := f.Alt()
				if theme == 1 {
					alt = "The same on a dark page: " + f.TitleText()
				}
				fmt.Fprintf(&b, "<img width=\"%d\" alt=\"%s\" src=\"data:image/png;base64,%s\">\n", f.CSSWidth(), html.EscapeString(alt), small(t, f))
			}
			b.WriteString("</div>\n</figure>\n")
		}
	}
	b.WriteString("<h2>What is refused</h2>\n<ul>\n")
	for _, c := range refused {
		_, err := c.fig.SVG()
		if err == nil {
			t.Fatalf("%s is drawn", c.name)
		}
		fmt.Fprintf(&b, "<li>%s: <code>%s</code></li>\n", html.EscapeString(capitalized(c.name)), html.EscapeString(err.Error()))
	}
	b.WriteString("</ul>\n</body>\n</html>\n")
	return b.Bytes()
}

// small returns a figure as a picture of one pixel to a CSS pixel and few colors: the page has a hundred.
func small(t *testing.T, f *Figure) string {
	t.Helper()
	var b bytes.Buffer
	data, err := f.encode(func(w, h vg.Length) page {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(96))}
	})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rough := func(x, y int) color.NRGBA {
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		c.R, c.G, c.B = c.R&^7|c.R>>5, c.G&^7|c.G>>5, c.B&^7|c.B>>5 // white stays white
		return c
	}
	often := map[color.NRGBA]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			often[rough(x, y)]++
		}
	}
	list := slices.SortedFunc(maps.Keys(often), func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(often[b], often[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	colors, known := color.Palette{}, map[color.NRGBA]uint8{}
	for _, c := range list[:min(256, len(list))] {
		known[c], colors = uint8(len(colors)), append(colors, c)
	}
	out := image.NewPaletted(img.Bounds(), colors)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := rough(x, y)
			i, ok := known[c]
			if !ok {
				i = uint8(colors.Index(c))
				known[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
