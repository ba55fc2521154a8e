package plotting

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// written returns what a page's content is, and the file around it.
func written(t *testing.T, p *pdfPage) (content string, file []byte) {
	t.Helper()
	var out bytes.Buffer
	if _, err := p.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	file = out.Bytes()
	return string(unpackedPDF(t, file, 4)), file
}

// unpackedPDF returns the stream of an object.
func unpackedPDF(t *testing.T, file []byte, number int) []byte {
	t.Helper()
	_, rest, _ := bytes.Cut(file, []byte("\n"+strconv.Itoa(number)+" 0 obj\n"))
	head, rest, ok := bytes.Cut(rest, []byte("\nstream\n"))
	length := regexp.MustCompile(`/Length (\d+)`).FindSubmatch(head)
	if !ok || length == nil {
		t.Fatalf("object %d has no stream: %.80q", number, head)
	}
	n, _ := strconv.Atoi(string(length[1]))
	if !bytes.HasPrefix(rest[n:], []byte("\nendstream\nendobj\n")) {
		t.Fatalf("object %d is not %d bytes long", number, n)
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[:n]))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPDFOperators: each thing that can be drawn is written as what a reader of the format takes for it.
func TestPDFOperators(t *testing.T) {
	square := vg.Rectangle{Max: vg.Point{X: 3, Y: 2}}.Path()
	var quad, arc vg.Path
	quad.Move(vg.Point{})
	quad.QuadTo(vg.Point{X: 3, Y: 6}, vg.Point{X: 6})
	arc.Arc(vg.Point{X: 10, Y: 10}, 2, 0, 2*math.Pi)
	for name, c := range map[string]struct {
		do   func(p *pdfPage)
		want string
	}{
		"a filled rectangle":              {func(p *pdfPage) { p.Fill(square) }, "0 0 m\n3 0 l\n3 2 l\n0 2 l\nh\nf\n"},
		"a line without width":            {func(p *pdfPage) { p.SetLineWidth(0); p.Stroke(square) }, "0 w\n"},
		"a dashed line":                   {func(p *pdfPage) { p.SetLineDash([]vg.Length{2, 1}, .5) }, "[2 1 ] 0.5 d\n"},
		"a color":                         {func(p *pdfPage) { p.SetColor(color.NRGBA{255, 0, 51, 255}) }, "1 0 0.2 rg\n1 0 0.2 RG\n"},
		"the same color":                  {func(p *pdfPage) { p.SetColor(color.Black) }, ""},
		"a translucent color is not dark": {func(p *pdfPage) { p.SetColor(color.NRGBA{255, 255, 255, 51}) }, "1 1 1 rg\n1 1 1 RG\n/a51 gs\n"},
		"and the color before it":         {func(p *pdfPage) { p.Push(); p.SetColor(color.White); p.Pop(); p.SetColor(color.Black) }, "q\n1 1 1 rg\n1 1 1 RG\nQ\n"},
		"more is returned to than left":   {func(p *pdfPage) { p.Pop() }, ""},
		"a quadratic curve":               {func(p *pdfPage) { p.Stroke(quad) }, "0 0 m\n2 4 4 4 6 0 c\nS\n"},
		"a circle":                        {func(p *pdfPage) { p.Fill(arc) }, "12 10 m\n12 11.105 11.105 12 10 12 c\n8.895 12 8 11.105 8 10 c\n8 8.895 8.895 8 10 8 c\n11.105 8 12 8.895 12 10 c\nf\n"},
		"a quarter turn":                  {func(p *pdfPage) { p.Rotate(math.Pi / 2) }, "0 1 -1 0 0 0 cm\n"},
		"a place far away":                {func(p *pdfPage) { p.Scale(1./3, 1); p.Translate(vg.Point{X: 700}) }, "0.333333 0 0 1 0 0 cm\n1 0 0 1 700 0 cm\n"},
		"what is no number":               {func(p *pdfPage) { p.Translate(vg.Point{X: vg.Length(math.NaN()), Y: -1e-9}) }, "1 0 0 1 0 0 cm\n"},
		"an image": {func(p *pdfPage) {
			p.DrawImage(vg.Rectangle{Min: vg.Point{X: 1, Y: 1}, Max: vg.Point{X: 3, Y: 4}}, image.NewRGBA(image.Rect(0, 0, 1, 1)))
		}, "q\n2 0 0 3 1 1 cm\n/i0 Do\nQ\n"},
	} {
		p := newPDFPage(100, 50)
		before, _ := written(t, p)
		c.do(p)
		after, _ := written(t, p)
		if got := strings.TrimPrefix(after, before); got != c.want {
			t.Errorf("%s is %q, want %q", name, got, c.want)
		}
	}
}

// TestPDFFile: the table says where the objects are; what the content names is there: opacities, and images with theirs.
func TestPDFFile(t *testing.T) {
	p := newPDFPage(100.5, 50)
	p.SetColor(color.NRGBA{0, 0, 0, 51})
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.SetNRGBA(1, 0, color.NRGBA{255, 0, 10, 128})
	p.DrawImage(vg.Rectangle{Max: vg.Point{X: 3, Y: 4}}, img)
	_, file := written(t, p)
	for _, part := range []string{"/MediaBox [0 0 100.5 50]", "/a51 <</ca 0.2 /CA 0.2>>", "/i0 5 0 R", "/SMask 6 0 R", "/Width 2 /Height 1", "/Root 1 0 R"} {
		if !bytes.Contains(file, []byte(part)) {
			t.Errorf("the file has no %s", part)
		}
	}
	if got := unpackedPDF(t, file, 5); !bytes.Equal(got, []byte{0, 0, 0, 255, 0, 10}) {
		t.Errorf("colors of the image: %v", got)
	}
	if got := unpackedPDF(t, file, 6); !bytes.Equal(got, []byte{0, 128}) {
		t.Errorf("opacity of the image: %v", got)
	}
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	if start == nil {
		t.Fatal("the file has no end")
	}
	at, _ := strconv.Atoi(string(start[1]))
	if !bytes.HasPrefix(file[at:], []byte("xref\n0 7\n")) {
		t.Errorf("the table is not at %d: %.20q", at, file[at:])
	}
	for i, m := range regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllSubmatch(file[at:], -1) {
		at, _ := strconv.Atoi(string(m[1]))
		if want := strconv.Itoa(i+1) + " 0 obj\n"; !bytes.HasPrefix(file[at:], []byte(want)) {
			t.Errorf("at %d there is %.10q, want %q", at, file[at:], want)
		}
	}
}

// TestPDFOfBarePlot: a plot that is saved without its figure has its text, too.
func TestPDFOfBarePlot(t *testing.T) {
	fig := ByLayer(profile(3))
	p := newPDFPage(200, 100)
	fig.Plot().Draw(draw.New(p))
	withText, _ := written(t, p)
	bare := fig.Plot()
	bare.Title.Text, bare.X.Label.Text, bare.Y.Label.Text = "", "", ""
	q := newPDFPage(200, 100)
	bare.Draw(draw.New(q))
	without, _ := written(t, q)
	if strings.Count(withText, "\nf\n") <= strings.Count(without, "\nf\n") {
		t.Errorf("%d filled paths with title and labels, %d without", strings.Count(withText, "\nf\n"), strings.Count(without, "\nf\n"))
	}
}
