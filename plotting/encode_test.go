package plotting

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

func figures() map[string]*Figure {
	return map[string]*Figure{
		"ByLayer":       ByLayer(toldLayered{layered: profile(30)}),
		"HeatMap":       HeatMap(toldGrid{grid: landscape(30, tokens(15))}),
		"Spike":         ByLayer(toldLayered{layered: spiked(24)}),
		"HeatMap spike": HeatMap(toldGrid{grid: spikedGrid(12, tokens(12))}),
		"Spike log":     ByLayer(toldLayered{layered: spiked(24)}).SymLog(),
		"Dose log":      DoseResponse(dozen(3)...).SymLog(),
		"Forest log":    Forest(measuring(9, 20)).SymLog(),
		"Bars many":     ByLayer(profile(1000)),
		"Bar":           ByLayer(profile(1)),
		"HeatMap long":  HeatMap(landscape(80, tokens(200))),
		"Overlap":       Overlap(sets(5)),
		"Overlap many":  Overlap(sets(40)),
		"Overlap odd":   Overlap(matrix{[]string{"中文", "\u200b\n"}, []int{1, 123456}, [][]float64{{1}, {1, 1}}, nil}),
		"Dose":          DoseResponse(sigmoid("a&<b>", 0.5, 8, 20)),
		"Faithful":      Faithfulness(carrying(19)),
		"Graph":         Graph(network(20, 6, tokens(7), false)),
		"Graph many":    Graph(network(500, 30, tokens(16), false)),
		"Graph odd":     Graph(network(12, 4, []string{"<s>", "中文", "\u200b", "\n", "a&<b>"}, true)),
		"Flow":          LayerFlow(network(20, 6, tokens(7), false)),
		"Flow deep":     LayerFlow(network(100, 80, tokens(3), true)),
		"Heads":         AttentionHeads(looking(9, tokens(12))),
		"Head":          AttentionHead(looking(2, tokens(8)), 1),
		"Head odd":      AttentionHead(looking(1, []string{"<s>", "中文", "\u200b", "\n", "a&<b>"}), 0),
		"Head long":     AttentionHead(looking(1, tokens(150)), 0),
		"Lens":          LogitLens(forming(6, tokens(7))),
		"Lens deep":     LogitLens(forming(80, tokens(40))),
		"Lens odd":      LogitLens(forming(6, []string{"<s>", "中文", "\u200b", "\n", "a&<b>"})),
		"Profiles":      Profiles(reading(tokens(8), outcomes(11), 12, 7, 4)),
		"Profiles 200":  Profiles(reading(tokens(40), outcomes(30), 90, 60, 30, 20)),
		"Profile":       Profiles(reading(tokens(2), outcomes(3), 1)),
		"Profiles odd":  Profiles(reading([]string{"<s>", "中文", "\u200b", "\n", "a&<b>"}, []string{"Привет", "مرحبا", "😀"}, 4, 3)),
		"Methods":       Methods(compared(7, 30)),
		"Methods many":  Methods(compared(40, 80)),
		"Curve":         Specifications(specified(5, true)),
		"Curve alone":   Specifications(specified(1, false)),
		"Scatter":       Scatter(judged{estimates(500, .15), .71, .62, .78}),
		"Scatter odd":   Scatter(paired{[]float64{0, 0}, []float64{0, 0}, []string{"中文", "\u200b\n"}, "a&<b>", ""}),
		"Dose two":      DoseResponse(sigmoid("中文", 0.5, 64, 20), sigmoid("", 0.2, 64, 0)),
		"Dose four":     DoseResponse(dozen(4)...),
		"Dose twelve":   DoseResponse(dozen(12)...),
		"Calibration":   Calibration(within()),
		"Calibrated":    Calibration(away()),
		"Dose level":    DoseResponse(instructed{sigmoid("a", .5, 8, 20), [3]float64{4, 3, 5}, true}),
		"Explained":     Explained(spans(30, 50)),
		"Strip":         TokenStrip(tinting(tokens(24))),
		"Strip odd":     TokenStrip(tinting([]string{"<s>", "中文", "\u200b", "\n", "a&<b>", "שלום", strings.Repeat("W", 200)})),
		"Strip short":   TokenStrip(tinting(tokens(4))),
		"Strip long":    TokenStrip(tinting(tokens(400))),
		"Forest":        Forest(measuring(9, 20)),
		"Forest one":    Forest(measuring(1, 0)),
		"Forest many":   Forest(measuring(200, 0)),
		"UpSet":         UpSet(sharing(5)...),
		"UpSet two":     UpSet(sharing(2)...),
		"Cumulative":    Cumulative(steep("relevance", 46080, 1.1), steep("中文", 46080, .4)),
		"Change":        BeforeAfter(changed()),
		"ByPrompt":      ByPrompt(acting(12, 9)),
		"ByPrompt big":  ByPrompt(acting(90, 120)),
		"HeatMap odd":   HeatMap(landscape(6, []string{"中文", "\u200b", "", "e\u0301", "\xe4\xb8", "😀", "a&<b>", "\x00"})),
	}
}

func TestPNGHasTwiceThePixels(t *testing.T) {
	for name, fig := range figures() {
		for _, f := range []*Figure{fig, fig.Size(4, 3.3), fig.Dark().Size(5.013, 0), fig.FontSize(10.7).Width(640).Untitled()} {
			data, err := f.PNG()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			img, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got, want := img.Bounds().Dx(), 2*f.CSSWidth(); got != want {
				t.Errorf("%s: %d pixels wide, want %d", name, got, want)
			}
			// Every edge pixel is paper, whole and opaque.
			b := img.Bounds()
			for _, p := range [][2]int{{0, 0}, {b.Max.X - 1, 0}, {0, b.Max.Y - 1}, {b.Max.X - 1, b.Max.Y - 1}} {
				r, g, bl, a := img.At(p[0], p[1]).RGBA()
				wr, wg, wb, wa := f.theme.paper.RGBA()
				if r != wr || g != wg || bl != wb || a != wa {
					t.Errorf("%s: pixel %v is %v", name, p, img.At(p[0], p[1]))
				}
			}
		}
	}
}

func TestSVGIsAccessible(t *testing.T) {
	for name, fig := range figures() {
		data, err := fig.Title("Ünder & <over>\x01").SVG()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(data, []byte(`<svg role="img" `)) {
			t.Errorf("%s: begins with %.40q", name, data)
		}
		var children []string
		var title, desc string
		d := xml.NewDecoder(bytes.NewReader(data))
		for depth := 0; ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: not XML: %v", name, err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				depth++
				if depth == 2 {
					children = append(children, e.Name.Local)
				}
				if e.Name.Local == "text" {
					t.Errorf("%s: text that is not outlined", name)
				}
			case xml.EndElement:
				depth--
			case xml.CharData:
				switch {
				case depth == 2 && children[len(children)-1] == "title":
					title += string(e)
				case depth == 2 && children[len(children)-1] == "desc":
					desc += string(e)
				}
			}
		}
		if len(children) < 2 || children[0] != "title" || children[1] != "desc" {
			t.Errorf("%s: children are %q", name, children)
		}
		if title != "Ünder & <over>‹U+0001›" || len(desc) < 40 {
			t.Errorf("%s: title %q, description %q", name, title, desc)
		}
	}
}

func TestPDFIsOnePageWithoutFonts(t *testing.T) {
	for name, fig := range figures() {
		data, err := fig.PDF()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("%%EOF")) {
			t.Errorf("%s: not a PDF: %.20q", name, data)
		}
		if bytes.Contains(data, []byte("/FontFile")) || bytes.Contains(data, []byte("/Subtype /TrueType")) {
			t.Errorf("%s: embeds a font", name)
		}
		if n := bytes.Count(data, []byte("/Type /Page\n")); n != 1 {
			t.Errorf("%s: %d pages", name, n)
		}
	}
}

// TestSameBytesFromManyGoroutines holds every format to the byte, whoever draws and whenever.
func TestSameBytesFromManyGoroutines(t *testing.T) {
	for name, fig := range figures() {
		for format, encode := range map[string]func() ([]byte, error){"SVG": fig.SVG, "PDF": fig.PDF, "PNG": fig.Size(3.25, 3).PNG} {
			var wg sync.WaitGroup
			out := make([][]byte, 3)
			for i := range out {
				wg.Go(func() { out[i], _ = encode() })
			}
			wg.Wait()
			for _, b := range out {
				if len(b) == 0 || !bytes.Equal(b, out[0]) {
					t.Errorf("%s: %s differs between goroutines", name, format)
				}
			}
			if today := time.Now().Format("(D:20060102"); format == "PDF" && bytes.Contains(out[0], []byte(today)) {
				t.Errorf("%s: the PDF says when it was made", name)
			}
		}
	}
}

func BenchmarkPNG(b *testing.B) { benchmark(b, (*Figure).PNG) }
func BenchmarkSVG(b *testing.B) { benchmark(b, (*Figure).SVG) }

func benchmark(b *testing.B, encode func(*Figure) ([]byte, error)) {
	for name, fig := range map[string]*Figure{
		"ByLayer/30":    ByLayer(profile(30)),
		"HeatMap/30x15": HeatMap(landscape(30, tokens(15))),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := encode(fig); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
