package plotting

import (
	"bytes"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pngDPI is twice the density of a CSS pixel.
const pngDPI = 192

// PNG returns the figure as a bitmap of 192 dots to the inch.
func (f *Figure) PNG() ([]byte, error) {
	return f.encode(func(w, h vg.Length) page {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(pngDPI))}
	})
}

// PDF returns the figure as one page of its own size, with text as outlines.
func (f *Figure) PDF() ([]byte, error) {
	return f.encode(func(w, h vg.Length) page { return vgpdf.New(w, h) })
}

// SVG returns the figure as an element that can stand alone or within HTML, with text as outlines, the title in
// <title> and the alternative text in <desc>. The same figure gives the same bytes.
func (f *Figure) SVG() ([]byte, error) {
	raw, err := f.encode(func(w, h vg.Length) page { return vgsvg.New(w, h) })
	if err != nil {
		return nil, err
	}
	return accessible(raw, f.TitleText(), f.Alt())
}

// A page can be drawn on and then written.
type page interface {
	vg.Canvas
	io.WriterTo
}

// encode draws the figure on a new page and returns its bytes.
func (f *Figure) encode(newPage func(w, h vg.Length) page) ([]byte, error) {
	ch, err := f.chart()
	if err != nil {
		return nil, err
	}
	w, h, err := f.page(ch)
	if err != nil {
		return nil, err
	}
	p := newPage(w, h)
	if err := f.draw(p, ch, w, h); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := p.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("%s: encode the picture: %w", f.where, err)
	}
	return out.Bytes(), nil
}

// draw paints the whole figure: paper, heading, and below it the chart.
func (f *Figure) draw(page vg.Canvas, ch chart, w, h vg.Length) error {
	c := canvas{page}
	c.rect(vg.Rectangle{Max: vg.Point{X: w, Y: h}}, f.theme.paper)
	body := vg.Rectangle{Min: vg.Point{X: margin, Y: margin}, Max: vg.Point{X: w - margin, Y: h - margin}}
	head := f.heading(ch, body.Size().X)
	head.draw(c, f.theme, body)
	body.Max.Y -= head.height()
	if !ch.draw(c, f.theme, body) {
		return problemf(ErrSize, f.where, "use a larger one, e.g. .Size(6.5, 3.5), or a shorter title",
			"%.2g × %.2g inches leave no room for the data", (w / vg.Inch).Points(), (h / vg.Inch).Points())
	}
	return nil
}
