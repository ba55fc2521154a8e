package local

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLoadingKeepsNobody: while somebody loads the model, who gives up leaves, who closes does not wait, and who stays
// gets it.
func TestLoadingKeepsNobody(t *testing.T) {
	r, err := NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	begun, proceed := make(chan bool), make(chan bool)
	first := make(chan error, 1)
	go func() {
		_, err := r.loading.Do(t.Context(), struct{}{}, nil, func(ctx context.Context, emit func(steer.Event)) (struct{}, error) {
			close(begun)
			<-proceed // a slow disk
			return struct{}{}, r.read(ctx, emit)
		})
		first <- err
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := r.Load(ctx, nil); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	second := make(chan error, 1)
	go func() { second <- r.Load(t.Context(), nil) }()
	close(proceed)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if r.Load(t.Context(), nil) == nil {
		t.Error("a closed model was loaded")
	}
}
