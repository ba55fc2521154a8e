package memory

import (
	"context"
	"errors"
	"testing"
	"time"
)

// fixed is a lender of a machine with n bytes beyond the margin.
func fixed(n int64) *lender {
	return &lender{free: func() (int64, string, bool) { return n + margin, "a test", true }, tell: func(int64) {}}
}

func TestLendRefuses(t *testing.T) {
	const mib = 1 << 20
	l := fixed(100 * mib)
	_, err := l.lend(t.Context(), 101*mib)
	var short *Short
	if !errors.As(err, &short) || short.Need != 101*mib || short.Free != 100*mib || short.By != "a test" {
		t.Errorf("more than there is: %v", err)
	}
	back, err := l.lend(t.Context(), 100*mib)
	if err != nil {
		t.Fatal("exactly what there is:", err)
	}
	back()
	back()
	if l.lent != 0 {
		t.Errorf("%d bytes stay lent", l.lent)
	}
	if _, err := l.lend(t.Context(), negligible); err != nil || l.lent != 0 {
		t.Error("a small request:", err)
	}
	unknown := &lender{free: func() (int64, string, bool) { return 0, "", false }}
	if _, err := unknown.lend(t.Context(), 1<<50); err != nil {
		t.Error("where nothing is known:", err)
	}
}

// TestLendWaits: what does not fit beside others waits for them, unless its context ends.
func TestLendWaits(t *testing.T) {
	const mib = 1 << 20
	l := fixed(100 * mib)
	back, err := l.lend(t.Context(), 60*mib)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := l.lend(ctx, 60*mib); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside the first: %v", err)
	}
	got := make(chan error)
	for range 2 {
		go func() {
			back, err := l.lend(t.Context(), 60*mib)
			if err == nil {
				back()
			}
			got <- err
		}()
	}
	back()
	for range 2 {
		if err := <-got; err != nil {
			t.Error("after the first:", err)
		}
	}
	if l.lent != 0 {
		t.Errorf("%d bytes stay lent", l.lent)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 MiB", 300 << 20: "300 MiB", 3 << 29: "1.50 GiB", 23 << 30: "23.0 GiB"} {
		if got := Size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
