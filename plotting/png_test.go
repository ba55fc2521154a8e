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

	// 50 tints in rows of their own, and edges of many shades: the tints stay, though they are nearer to one another than edges may move.
	tints := image.NewRGBA(image.Rect(0, 0, 64, 260))
	for y := range 260 {
		for x := range 64 {
			c := color.RGBA{uint8(5 * (y % 50)), 100, 200, 255}
			if y >= 200 {
				c = color.RGBA{uint8(37 * x * y), 100, 0, 255}
			}
			tints.SetRGBA(x, y, c)
		}
	}
	few = fewColors(tints)
	if p, ok := few.(*image.Paletted); !ok || len(p.Palette) > 70 {
		t.Errorf("edges keep colors of their own: %T", few)
	}
	for y := range 200 {
		if got, want := color.RGBAModel.Convert(few.At(1, y)).(color.RGBA), tints.RGBAAt(1, y); got != want {
			t.Fatalf("the tint of row %d: %v became %v", y, want, got)
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
