package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
)

// A request that is asked twice runs once; the second answer is the file.
func ExampleMemo() {
	dir, err := os.MkdirTemp("", "results")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	id := steer.Identity{Model: "a digest", Tokenizer: "another"}
	model := steer.RunnerFunc(func(_ context.Context, r steer.Request, _ func(steer.Event)) (steer.Record, error) {
		fmt.Println("a forward pass")
		return steer.Record{
			Header:  steer.Header{Request: r, Identity: id, Body: json.RawMessage(`{}`)},
			Tensors: map[string]steer.Tensor{"logits": {Shape: []int{2}, Data: []float32{1, 2}}}, // [V]
		}, nil
	})
	memo := store.Memo(model, s, func(context.Context) (steer.Identity, error) { return id, nil })
	for range 2 {
		rec, err := memo.Run(context.Background(), steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage(`{"prompt":"hi"}`)}, nil)
		fmt.Println(rec.Tensors["logits"].Data, err)
	}
	n, err := s.Stats()
	fmt.Println(n.Hits, n.Misses, n.Computed, err)
	// Output:
	// a forward pass
	// [1 2] <nil>
	// [1 2] <nil>
	// 1 1 1 <nil>
}
