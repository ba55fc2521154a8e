package steer_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestVectorForeignTensors: of a file of another program every tensor is to be one finite row of a layer's direction, named as
// llama.cpp names it, and the error names the first that is not.
func TestVectorForeignTensors(t *testing.T) {
	width := cheer(t).Shape().Width
	row := func(n int) []float32 { return make([]float32, n) }
	inf := row(width)
	inf[1] = float32(math.Inf(1))
	for name, c := range map[string]struct {
		tensor tensorfile.Tensor
		says   string
	}{
		"whole":        {tensorfile.Tensor{Name: "direction.2", Shape: []int{1, width}, Data: row(width)}, ""},
		"no direction": {tensorfile.Tensor{Name: "2", Shape: []int{width}, Data: row(width)}, `the tensor "2" is no direction`},
		"no number":    {tensorfile.Tensor{Name: "direction.two", Shape: []int{width}, Data: row(width)}, `the tensor "direction.two" is no direction`},
		"below 0":      {tensorfile.Tensor{Name: "direction.-1", Shape: []int{width}, Data: row(width)}, `the tensor "direction.-1" is no direction`},
		"as octal":     {tensorfile.Tensor{Name: "direction.02", Shape: []int{width}, Data: row(width)}, `the tensor "direction.02" is no direction`},
		"two rows":     {tensorfile.Tensor{Name: "direction.2", Shape: []int{2, width / 2}, Data: row(width)}, "direction.2 has the shape"},
		"not finite":   {tensorfile.Tensor{Name: "direction.2", Shape: []int{width}, Data: inf}, "direction.2 has a number that is not finite (number 1"},
		"no numbers":   {tensorfile.Tensor{Name: "direction.2", Shape: []int{0}}, "direction.2 has the shape"},
	} {
		var b bytes.Buffer
		tensors := []tensorfile.Tensor{{Name: "direction.1", Shape: []int{width}, Data: row(width)}, c.tensor}
		if err := tensorfile.WriteSafetensors(&b, nil, tensors); err != nil {
			t.Fatal(name, err)
		}
		_, err := fake.LoadVector(t.Context(), fileOf(t, "v.safetensors", b.Bytes()))
		if c.says == "" && err != nil || c.says != "" && (!errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	var b bytes.Buffer
	if err := tensorfile.WriteSafetensors(&b, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := fake.LoadVector(t.Context(), fileOf(t, "v.safetensors", b.Bytes())); !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), "it holds no direction") {
		t.Errorf("no tensor: %v", err)
	}
}

// TestVectorHeaderSays: what a header says that its file does not hold is told apart from a change of numbers.
func TestVectorHeaderSays(t *testing.T) {
	for header, says := range map[string]string{
		`{"format":2,"space":"residual","shape":{"layers":3,"width":2,"neurons":2},"layers":[1]}`:   "format 2",
		`{"format":1,"space":"logits","shape":{"layers":3,"width":2,"neurons":2},"layers":[1]}`:     "contradict each other",
		`{"format":1,"space":"residual","shape":{"layers":3,"width":2,"neurons":2},"layers":[1,1]}`: "contradict each other",
		`{"format":1,"space":"residual","shape":{"layers":3,"width":2,"neurons":2},"layers":[2]}`:   "layer 2 is missing",
		`{"format":1,"space":"residual","shape":{"layers":1,"width":2,"neurons":2},"layers":[1]}`:   "layer 1 is missing, or not of the model",
		`{"format":1,"space":"residual","shape":{"layers":3,"width":3,"neurons":2},"layers":[1]}`:   "layer 1 is missing, or not of the model",
	} {
		var b bytes.Buffer
		err := tensorfile.WriteSafetensors(&b, map[string]string{"neuronsteer.vector": header}, []tensorfile.Tensor{{Name: "direction.1", Shape: []int{2}, Data: []float32{1, 2}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fake.LoadVector(t.Context(), fileOf(t, "v.safetensors", b.Bytes())); !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", header, err, says)
		}
	}
}
