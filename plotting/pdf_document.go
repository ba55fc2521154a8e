package plotting

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
)

// A pdfDocument is the file that is written.
type pdfDocument struct {
	bytes.Buffer
	at []int // where the objects begin
}

func (d *pdfDocument) object(text string) {
	d.at = append(d.at, d.Len())
	fmt.Fprintf(d, "%d 0 obj\n%s\nendobj\n", len(d.at), text)
}

func (d *pdfDocument) stream(entries string, data []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(data) // a Buffer takes everything
	_ = z.Close()
	d.object(fmt.Sprintf("<</Filter /FlateDecode /Length %d%s>>\nstream\n%s\nendstream", packed.Len(), entries, packed.Bytes()))
}

// image adds an image's colors and, behind them, its opacity.
func (d *pdfDocument) image(img image.Image) {
	r := img.Bounds()
	colors, opacity := make([]byte, 0, 3*r.Dx()*r.Dy()), make([]byte, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			k, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			colors, opacity = append(colors, k.R, k.G, k.B), append(opacity, k.A)
		}
	}
	head := fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace ", r.Dx(), r.Dy())
	d.stream(fmt.Sprintf("%s/DeviceRGB /SMask %d 0 R", head, len(d.at)+2), colors)
	d.stream(head+"/DeviceGray", opacity)
}

func (d *pdfDocument) end() {
	table := d.Len()
	fmt.Fprintf(d, "xref\n0 %d\n0000000000 65535 f \n", len(d.at)+1)
	for _, at := range d.at {
		fmt.Fprintf(d, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(d, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(d.at)+1, table)
}
