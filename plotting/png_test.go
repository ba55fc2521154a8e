package plotting

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// TestPNGFewColors: a figure's file has a byte for each point, frequent colors are what they were, none is far off, and a picture of
// more colors than a palette holds is left as it is.
func TestPNGFewColors(t *testing.T) {
	raw, err := HeatMap(landscape(6, tokens(8))).PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := img.(*image.Paletted); !ok {
		t.Errorf("a figure is written as %T, not with a palette", img)
	}

	smooth := image.NewRGBA(image.Rect(0, 0, 64, 64)) // shades of two channels, on white
	for i := range smooth.Pix {
		smooth.Pix[i] = 255
	}
	for y := range 32 {
		for x := range 64 {
			smooth.SetRGBA(x, y, color.RGBA{uint8(2 * x), uint8(4 * y), 200, 255})
		}
	}
	few := fewColors(smooth)
	if _, ok := few.(*image.Paletted); !ok {
		t.Fatalf("written as %T", few)
	}
	for y := range 64 {
		for x := range 64 {
			got, want := color.RGBAModel.Convert(few.At(x, y)).(color.RGBA), smooth.RGBAAt(x, y)
			if d := channelsApart(got, want); d > mostStep || y >= 32 && d != 0 {
				t.Fatalf("at %d, %d: %v became %v", x, y, want, got)
			}
		}
	}

	photo := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			photo.SetRGBA(x, y, color.RGBA{uint8(4 * x), uint8(4 * y), uint8(13 * x * y), 255})
		}
	}
	if fewColors(photo) != image.Image(photo) {
		t.Error("a picture that no palette holds is not left as it is")
	}
}
