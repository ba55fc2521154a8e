package fence

import (
	"errors"
	"strings"
	"testing"
)

func TestCall(t *testing.T) {
	want := errors.New("ordinary")
	if err := Call(func() error { return want }); !errors.Is(err, want) {
		t.Error(err)
	}
	if err := Call(func() error { return nil }); err != nil {
		t.Error(err)
	}
	var none []int
	err := Call(func() error { return errors.New(string(rune(none[len(none)]))) })
	var p *Panic
	if !errors.As(err, &p) || !strings.Contains(err.Error(), "index out of range") || strings.Contains(err.Error(), "goroutine") {
		t.Fatal(err)
	}
	if !strings.Contains(string(p.Stack), "TestCall") {
		t.Errorf("the stack does not say where: %s", p.Stack)
	}
}
