package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/hub/hubtest"
	"github.com/neuronsteer/neuronsteer/steer"
)

// A model of the hub that was pulled by its name opens by its name, offline, and computes what its files compute.
func TestPullOfTheHub(t *testing.T) {
	alone(t)
	const golden = "../../testdata/golden/tiny-llama"
	files := hubtest.Files{}
	list, err := os.ReadDir(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if files[e.Name()], err = os.ReadFile(filepath.Join(golden, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	h := hubtest.New(t, map[string]hubtest.Files{"org/tiny": files})
	var out bytes.Buffer
	if err := run(t.Context(), []string{"check", "-model", "org/tiny", golden}, &out); err == nil || !strings.Contains(out.String(), "type: neuronsteer pull org/tiny") {
		t.Fatalf("before it is pulled: %v\n%s", err, &out)
	}
	if seen := h.Seen(); len(seen) > 0 {
		t.Fatalf("a name asked the hub: %q", seen)
	}
	out.Reset()
	if err := run(t.Context(), []string{"pull", "org/tiny"}, &out); err != nil || !strings.Contains(out.String(), "\nready: "+os.Getenv("HF_HOME")) {
		t.Fatalf("%v\n%s", err, &out)
	}
	n := len(h.Seen())
	t.Setenv("HF_HUB_OFFLINE", "1")
	out.Reset()
	if err := run(t.Context(), []string{"check", "-model", "org/tiny", golden}, &out); err != nil || !strings.Contains(out.String(), " 0 misses") {
		t.Errorf("%v\n%s", err, &out)
	}
	if err := run(t.Context(), []string{"pull", "org/tiny"}, &out); !errors.Is(err, steer.BadSetting) {
		t.Errorf("offline: %v", err)
	}
	if seen := h.Seen(); len(seen) != n {
		t.Errorf("offline it asked the hub: %q", seen[n:])
	}
}
