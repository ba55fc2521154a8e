package plotting

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/neuronsteer/neuronsteer/internal/fence"
)

// pngDPI is twice the density of a CSS pixel.
const pngDPI = 192

// PNG returns the figure as a bitmap of 192 dots to the inch.
func (f *Figure) PNG() ([]byte, error) {
	return f.encode(func(w, h vg.Length) page {
		paper := vgimg.UseBackgroundColor(color.White)
		if f.clear {
			paper = vgimg.UseBackgroundColor(color.Transparent)
		}
		return pngPage{vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(pngDPI), paper)}
	})
}

// PDF returns the figure as one page of its own size, with text as outlines and without a date. The same figure gives
// the same bytes.
func (f *Figure) PDF() ([]byte, error) {
	return f.encode(func(w, h vg.Length) page { return newPDFPage(w, h) })
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
	d, err := f.drawing()
	if err != nil {
		return nil, err
	}
	var p page
	for key := new(lacking); ; { // what no font has is known when it was drawn, and changes the heading
		known := len(key.runs)
		if p, err = f.drawOn(newPage, d, key); err != nil {
			return nil, err
		}
		if len(key.runs) == known {
			break
		}
	}
	var out bytes.Buffer
	if _, err := p.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("%s: encode the picture: %w", f.where, err)
	}
	return out.Bytes(), nil
}

// drawOn draws the figure on a page of its size.
func (f *Figure) drawOn(newPage func(w, h vg.Length) page, d drawing, key *lacking) (page, error) {
	size, layout, err := f.page(d, key)
	if err != nil {
		return nil, err
	}
	p := newPage(size.X, size.Y)
	if by := float64(f.scale()); by != 1 {
		p.Scale(by, by)
	}
	return p, f.draw(p, d, key, layout.X, layout.Y)
}

// draw paints the whole figure: paper, heading, and below it the plot. A plotter or ticker that somebody added to the
// plot may panic, as gonum's do where a logarithm has no value; that is an error here.
func (f *Figure) draw(page vg.Canvas, d drawing, key *lacking, w, h vg.Length) error {
	d.at.mu.Lock()
	defer d.at.mu.Unlock()
	err := fence.Call(func() error { return f.paint(page, d, key, w, h) })
	if p := (*fence.Panic)(nil); errors.As(err, &p) {
		return problemf(ErrPlot, f.where, "look at what was added to Plot() or set there", "drawing the plot panics: %v", p)
	}
	return err
}

func (f *Figure) paint(page vg.Canvas, d drawing, key *lacking, w, h vg.Length) error {
	body := vg.Rectangle{Min: vg.Point{X: margin, Y: margin}, Max: vg.Point{X: w - margin, Y: h - margin}}
	lost := false
	c := draw.Canvas{Canvas: canvas{page, f.theme, &lost, key}, Rectangle: body}
	p := *d.plot // drawing changes a plot: this one
	if p.BackgroundColor != nil && !f.clear {
		c.SetColor(p.BackgroundColor)
		c.Fill(vg.Rectangle{Max: vg.Point{X: w, Y: h}}.Path())
	}
	head := f.heading(d, key, body.Size().X)
	head.draw(c)
	c.Max.Y -= head.height()
	p.BackgroundColor, p.Title.Text = nil, ""
	if legendAbove(p.Legend) {
		p.Legend = plot.NewLegend()
	}
	side, err := f.logLike(d, &p)
	if err != nil {
		return err
	}
	if side != "" {
		writeSide(c, side, p.Y.Label.TextStyle)
		c.Min.X += sideRoom
	}
	into, fits := d.at.lay(&p, c)
	if !fits {
		return problemf(ErrSize, f.where, "use a larger one, e.g. .Size(6.5, 3.5), or a shorter title",
			"%.2g × %.2g inches leave no room for the data", (w / vg.Inch).Points(), (h / vg.Inch).Points())
	}
	p.Draw(into)
	if lost {
		return problemf(ErrPlot, f.where, "set finite ranges of the axes, and leave out of what is added what is not a finite number",
			"a mark lies nowhere, with axes from %.3g to %.3g and from %.3g to %.3g", p.X.Min, p.X.Max, p.Y.Min, p.Y.Max)
	}
	return nil
}
