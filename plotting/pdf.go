package plotting

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A pdfPage is a page of a PDF (ISO 32000-1) that paths, outlines of text and images are drawn on. Its unit is the point, from the
// lower left corner up, as vg's. gonum's own canvas of PDF loads a library for whole documents into every cell of a notebook, makes
// what is translucent dark (it takes premultiplied colors for plain ones), and quadratic curves wrong.
type pdfPage struct {
	w, h    vg.Length
	content bytes.Buffer
	pen     pdfPen
	pens    []pdfPen // what Pop returns to
	sheer   []uint8  // the opacities that are used, below 255
	images  []image.Image
}

// A pdfPen is what is drawn with.
type pdfPen struct {
	width vg.Length
	color color.NRGBA
}

func newPDFPage(w, h vg.Length) *pdfPage {
	p := &pdfPage{w: w, h: h}
	vg.Initialize(p)
	return p
}

// A plot that is saved without its figure, by gonum's own Save, finds the format in programs that leave out gonum's.
func init() { //nolint:gochecknoinits // gonum knows formats by a register
	if !slices.Contains(draw.Formats(), "pdf") {
		draw.RegisterFormat("pdf", func(w, h vg.Length) vg.CanvasWriterTo { return newPDFPage(w, h) })
	}
}

func (p *pdfPage) Size() (w, h vg.Length) { return p.w, p.h }

// do appends an operator behind its numbers.
func (p *pdfPage) do(operator string, numbers ...float64) {
	digits := 3 // a thousandth of a point, which nobody sees
	if operator == "cm" {
		digits = 6 // what it changes may be a thousand points away
	}
	b := p.content.AvailableBuffer()
	for _, x := range numbers {
		b = append(appendPDF(b, x, digits), ' ')
	}
	p.content.Write(append(append(b, operator...), '\n'))
}

// appendPDF appends a number with at most so many digits behind the point.
func appendPDF(b []byte, x float64, digits int) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	b = strconv.AppendFloat(b, x, 'f', digits, 64)
	b = bytes.TrimSuffix(bytes.TrimRight(b, "0"), []byte("."))
	if bytes.HasSuffix(b, []byte("-0")) {
		b = append(b[:len(b)-2], '0')
	}
	return b
}

func (p *pdfPage) SetLineWidth(w vg.Length) {
	p.pen.width = w
	p.do("w", w.Points())
}

func (p *pdfPage) SetLineDash(pattern []vg.Length, offset vg.Length) {
	b := append(p.content.AvailableBuffer(), '[')
	for _, d := range pattern {
		b = append(appendPDF(b, d.Points(), 3), ' ')
	}
	p.content.Write(append(appendPDF(append(b, "] "...), offset.Points(), 3), " d\n"...))
}

func (p *pdfPage) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	k, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	if k == p.pen.color {
		return
	}
	r, g, b := float64(k.R)/255, float64(k.G)/255, float64(k.B)/255
	p.do("rg", r, g, b)
	p.do("RG", r, g, b)
	if k.A != p.pen.color.A {
		if k.A < 255 && !slices.Contains(p.sheer, k.A) {
			p.sheer = append(p.sheer, k.A)
		}
		fmt.Fprintf(&p.content, "/a%d gs\n", k.A)
	}
	p.pen.color = k
}

func (p *pdfPage) Rotate(radians float64) {
	sin, cos := math.Sincos(radians)
	p.do("cm", cos, sin, -sin, cos, 0, 0)
}

func (p *pdfPage) Translate(by vg.Point) { p.do("cm", 1, 0, 0, 1, by.X.Points(), by.Y.Points()) }

func (p *pdfPage) Scale(x, y float64) { p.do("cm", x, 0, 0, y, 0, 0) }

func (p *pdfPage) Push() {
	p.pens = append(p.pens, p.pen)
	p.do("q")
}

func (p *pdfPage) Pop() {
	if n := len(p.pens); n > 0 {
		p.pen, p.pens = p.pens[n-1], p.pens[:n-1]
		p.do("Q")
	}
}

func (p *pdfPage) Stroke(path vg.Path) {
	if p.pen.width > 0 {
		p.trace(path, "S")
	}
}

func (p *pdfPage) Fill(path vg.Path) { p.trace(path, "f") }

// FillString is for plots that are saved without their figure, whose canvas makes outlines of text.
func (p *pdfPage) FillString(f font.Face, at vg.Point, text string) {
	p.Fill(typeface{f.Face, f.Font.Size}.outline(text, at, 0, new(lacking).number))
}

// DrawImage draws an image with the rectangle's corners.
func (p *pdfPage) DrawImage(rect vg.Rectangle, img image.Image) {
	size := rect.Size()
	p.do("q")
	p.do("cm", size.X.Points(), 0, 0, size.Y.Points(), rect.Min.X.Points(), rect.Min.Y.Points())
	fmt.Fprintf(&p.content, "/i%d Do\nQ\n", len(p.images))
	p.images = append(p.images, img)
}

// trace draws a path with an operator.
func (p *pdfPage) trace(path vg.Path, operator string) {
	var at, from vg.Point // where the pen is, and where the contour began
	for i, k := range path {
		to := k.Pos
		switch k.Type {
		case vg.MoveComp:
			from = to
			p.do("m", to.X.Points(), to.Y.Points())
		case vg.LineComp:
			p.do("l", to.X.Points(), to.Y.Points())
		case vg.CurveComp:
			p.curve(at, k.Control, to)
		case vg.ArcComp:
			to = p.arc(k, i == 0 || path[i-1].Type == vg.CloseComp)
		case vg.CloseComp:
			to = from
			p.do("h")
		}
		at = to
	}
	if len(path) > 0 {
		p.do(operator)
	}
}

// curve draws a Bézier curve; a quadratic one is a cubic one with its control points two thirds of the way to the one that it has.
func (p *pdfPage) curve(at vg.Point, control []vg.Point, to vg.Point) {
	if len(control) == 0 {
		p.do("l", to.X.Points(), to.Y.Points())
		return
	}
	a, b := control[0], control[len(control)-1]
	if len(control) == 1 {
		a, b = at.Add(a.Sub(at).Scale(2./3)), to.Add(b.Sub(to).Scale(2./3))
	}
	p.do("c", a.X.Points(), a.Y.Points(), b.X.Points(), b.Y.Points(), to.X.Points(), to.Y.Points())
}

// arc draws an arc as curves of at most a quarter turn, and returns its end. first: nothing is there to draw a line from.
func (p *pdfPage) arc(k vg.PathComp, first bool) vg.Point {
	on := func(angle, r float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: k.Pos.X + k.Radius*vg.Length(cos-r*sin), Y: k.Pos.Y + k.Radius*vg.Length(sin+r*cos)}
	}
	start := on(k.Start, 0)
	if first {
		p.do("m", start.X.Points(), start.Y.Points())
	} else {
		p.do("l", start.X.Points(), start.Y.Points())
	}
	n := max(1, math.Ceil(math.Abs(k.Angle)/(math.Pi/2)))
	step := k.Angle / n
	reach := 4. / 3 * math.Tan(step/4) // of the control points, along the tangents, in radii
	end := start
	for i := range int(n) {
		from, to := k.Start+float64(i)*step, k.Start+float64(i+1)*step
		end = on(to, 0)
		p.curve(vg.Point{}, []vg.Point{on(from, reach), on(to, -reach)}, end)
	}
	return end
}

// WriteTo writes the document: its objects, a table of where they begin, and where that is. It says no date, so that the same
// figure gives the same bytes.
func (p *pdfPage) WriteTo(w io.Writer) (int64, error) {
	var d pdfDocument
	d.WriteString("%PDF-1.4\n%\xb5\xb6\n")
	d.object("<</Type /Catalog /Pages 2 0 R>>")
	d.object("<</Type /Pages /Kids [3 0 R] /Count 1>>")
	b := appendPDF(append(appendPDF([]byte("<</Type /Page\n/Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 "), p.w.Points(), 3), ' '), p.h.Points(), 3)
	b = append(b, "]\n/Group <</S /Transparency /CS /DeviceRGB>>\n/Resources <</ExtGState <</a255 <</ca 1 /CA 1>>"...)
	for _, a := range p.sheer {
		b = appendPDF(append(b, fmt.Sprintf("\n/a%d <</ca ", a)...), float64(a)/255, 3)
		b = append(appendPDF(append(b, " /CA "...), float64(a)/255, 3), ">>"...)
	}
	b = append(b, ">> /XObject <<"...)
	for i := range p.images { // each is two objects, behind the page and its content
		b = append(b, fmt.Sprintf("/i%d %d 0 R ", i, 5+2*i)...)
	}
	d.object(string(append(b, ">>>>>>"...)))
	d.stream("", p.content.Bytes())
	for _, img := range p.images {
		d.image(img)
	}
	d.end()
	return d.WriteTo(w)
}
