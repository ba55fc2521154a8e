package resident_test

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
)

// A record on its way: the header as JSON, the numbers as they lie in memory.
func ExampleWriteFrame() {
	var wire bytes.Buffer
	err := resident.WriteFrame(&wire, resident.Frame{
		Type: resident.TypeRecord, ID: 1, Header: &steer.Header{Model: "teaching",
			Request: steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage(`{}`)}, Body: json.RawMessage(`{}`)},
		Tensors: map[string]steer.Tensor{"logits": {Shape: []int{3}, Data: []float32{0.5, 1, 2}}}, // [V]
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := resident.ReadFrame(&wire)
	fmt.Println(f.Type, f.Header.Model, f.Tensors["logits"].Data, err)
	// Output: record teaching [0.5 1 2] <nil>
}
