package execute

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/fence"
)

// TestPlace: a panic's place is the line that panicked, also where it passed through the runtime's own files, and what is no
// stack has none.
func TestPlace(t *testing.T) {
	var (
		none []int
		null *struct{ n int }
		p    *fence.Panic
	)
	for name, f := range map[string]func() error{
		"an index":   func() error { none[3]++; return nil },
		"nil":        func() error { null.n++; return nil },
		"panic":      func() error { panic("on purpose") },
		"an error":   func() error { panic(errors.New("on purpose")) },
		"of a panic": func() error { panic("panic(0x1)\n\t/x/y.go:1") },
	} {
		if err := fence.Call(f); !errors.As(err, &p) {
			t.Fatalf("%s: %v", name, err)
		}
		if got := place(p.Stack); !strings.HasPrefix(got, "place_test.go:") {
			t.Errorf("%s is at %s of\n%s", name, got, p.Stack)
		}
	}
	for _, stack := range []string{"", "goroutine 1 [running]:\nmain.main()\n\t/x/main.go:3 +0x1d\n", "panic({0x1, 0x2})\n\t/go/src/runtime/panic.go:783 +0x132\n"} {
		if got := place([]byte(stack)); got != "an unknown place" {
			t.Errorf("%q is at %s", stack, got)
		}
	}
}
