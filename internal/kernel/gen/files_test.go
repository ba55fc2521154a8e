package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFilesAreCurrent: what lies in package kernel is what the program writes.
func TestFilesAreCurrent(t *testing.T) {
	for _, s := range sets() {
		files, err := s.files()
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range files {
			got, err := os.ReadFile(filepath.Join("..", name))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what gen writes; run go generate ./internal/kernel (%v)", name, err)
			}
		}
	}
}

// TestEveryReturnIsClean: no function goes back to Go with the upper halves of the registers in use, which slows the scalar code that
// follows down.
func TestEveryReturnIsClean(t *testing.T) {
	returns := 0
	for _, s := range sets() {
		files, err := s.files()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(files[s.name+"_amd64.s"]), "\n")
		for i, l := range lines {
			if strings.TrimSpace(l) == "RET" {
				returns++
				if strings.TrimSpace(lines[i-1]) != "VZEROUPPER" {
					t.Errorf("%s_amd64.s:%d returns without VZEROUPPER", s.name, i+1)
				}
			}
		}
		if n := len(regexp.MustCompile(`(?m)^TEXT `).FindAllString(string(files[s.name+"_amd64.s"]), -1)); n != len(s.functions) {
			t.Errorf("%s: %d functions written, %d defined", s.name, n, len(s.functions))
		}
	}
	if returns == 0 {
		t.Error("no function returns")
	}
}

// TestMistakesAreErrors: a parameter that a function does not have ends the program, not the reader's patience.
func TestMistakesAreErrors(t *testing.T) {
	s := sets()[0]
	s.define("Wrong", "", param{"n", number}).load(AX, "m")
	if _, err := s.files(); err == nil {
		t.Error("a parameter that is not there is no error")
	}
}
