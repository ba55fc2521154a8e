package engine

import (
	"io"
	"os"
	"strings"
	"testing"
)

// The standard output may be a protocol's, and with the backend's default limit calls at the same time can deadlock.
func TestBackendIsSilentAndUnlimited(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	b, err := openBackend(Options{Backend: "go"})
	os.Stdout = stdout
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	if said, err := io.ReadAll(r); err != nil || len(said) > 0 {
		t.Errorf("opening the backend prints %q (%v)", said, err)
	}
	if !strings.Contains(b.Description(), "parallelism=-1") {
		t.Errorf("the backend is %q", b.Description())
	}
}

func TestUpload(t *testing.T) {
	b, err := openBackend(Options{Backend: "go"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	for _, n := range [][2]int{{1, 1}, {3, 70}, {64, 33}} {
		x := make([]float32, n[0]*n[1])
		for i := range x {
			x[i] = float32(i)
		}
		a, err := newTensor(b, x, n[0], n[1])
		if err != nil {
			t.Fatal(err)
		}
		read(a, func(got []float32) {
			if !equal(got, x) {
				t.Errorf("%v: got %v", n, got)
			}
		})
	}
}
