package main

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

var regen = flag.Bool("regen", false, "write the pages anew")

// largest is how many bytes a picture of a page may take.
const largest = 100_000

// TestPages: the pages of the repository are what is made of the code as it is now.
func TestPages(t *testing.T) {
	t.Chdir("../..")
	files, err := write()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if *regen {
			if err := save(name, want); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		switch {
		case err != nil:
			t.Error(err)
		case filepath.Ext(name) == ".png":
			if d := apart(t, got, want); d > 0.002 { // other instructions round other digits: less than a line of one letter
				t.Errorf("%s is not the figure that its cell draws now: %.4f of its light differs", name, d)
			}
			if len(got) > largest {
				t.Errorf("%s takes %d bytes, at most %d", name, len(got), largest)
			}
		case !bytes.Equal(got, want):
			t.Errorf("%s is not what is made now; write it by: go run ./docs/pages\n%s", name, difference(string(got), string(want)))
		}
	}
	pages, err := filepath.Glob("docs/tasks/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		if files[filepath.ToSlash(name)] == nil {
			t.Errorf("%s belongs to no task", name)
		}
	}
}

// apart is how far two pictures are apart, 0 to 1 in the mean over pixels.
func apart(t *testing.T, a, b []byte) float64 {
	t.Helper()
	var of [2]image.Image
	for i, x := range [][]byte{a, b} {
		var err error
		if of[i], err = png.Decode(bytes.NewReader(x)); err != nil {
			t.Fatal(err)
		}
	}
	box := of[0].Bounds()
	if box != of[1].Bounds() {
		return 1
	}
	sum := 0.
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b, _ := of[0].At(x, y).RGBA()
			r2, g2, b2, _ := of[1].At(x, y).RGBA()
			for _, d := range []int{int(r) - int(r2), int(g) - int(g2), int(b) - int(b2)} {
				sum += max(float64(d), -float64(d)) / 0xffff / 3
			}
		}
	}
	return sum / float64(box.Dx()*box.Dy())
}

// difference is the first line in which two texts differ.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "the page says  " + a[i] + "\nmade of now    " + b[i]
		}
	}
	return "one goes on where the other ends"
}

// TestEveryTaskHasAPage: no task of a model is left out, and none is described twice.
func TestEveryTaskHasAPage(t *testing.T) {
	seen := map[string]int{}
	for _, x := range tasks() {
		seen[x.name]++
		for what, text := range map[string]string{"answers": x.answers, "when": x.when, "not": x.not, "caveat": x.caveat} {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
				t.Errorf("%s: %q says no sentence: %q", x.name, what, text)
			}
		}
	}
	for m := range reflect.TypeFor[*steer.Model]().Methods() {
		if m.Type.NumOut() == 1 && strings.HasSuffix(m.Type.Out(0).Name(), "Task") {
			if seen[m.Name] != 1 {
				t.Errorf("the task %s has %d pages", m.Name, seen[m.Name])
			}
			delete(seen, m.Name)
		}
	}
	for name := range seen {
		t.Errorf("%s is no task", name)
	}
	for _, x := range tasks() { // each page has a figure, or a card in words
		page, err := os.ReadFile("../tasks/" + x.slug() + ".md")
		if err != nil || cells[x.name] == nil || !strings.Contains(string(page), "]("+x.slug()+".png)") && !strings.Contains(string(page), "It shows as a card") {
			t.Errorf("the page of %s shows nothing of a notebook: %v", x.name, err)
		}
	}
}
