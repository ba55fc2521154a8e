//go:build kernel

package kerneltest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
)

// TestVerifyExecute: a notebook that the kernel has run is run afresh and agrees; one with a number that somebody changed differs there,
// one that shows an output less too, and one that does not run says why. None of them is changed.
func TestVerifyExecute(t *testing.T) {
	root, dir := kerneltest.Clone(t), t.TempDir()
	python := filepath.Join(root, ".local", "venv", "bin", "python")
	env := append(os.Environ(), "JUPYTER_DATA_DIR="+filepath.Join(dir, "data"), "JUPYTER_PATH="+filepath.Join(dir, "data"), "NEURONSTEER_PYTHON="+python, "NEURONSTEER_STORE="+filepath.Join(dir, "store"))
	run := func(name string, args ...string) (string, error) {
		c := exec.CommandContext(t.Context(), name, args...)
		c.Env, c.Dir = env, dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	program := filepath.Join(root, "bin", "neuronsteer")
	if out, err := run(program, "kernel", "install", "-no-compile"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	write := func(name string, cells ...string) string {
		var all []any
		for _, c := range cells {
			all = append(all, map[string]any{"cell_type": "code", "metadata": map[string]any{}, "source": c, "outputs": []any{}, "execution_count": nil})
		}
		b, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "cells": all, "metadata": map[string]any{"kernelspec": map[string]any{"name": "neuronsteer", "display_name": "Go (neuronsteer)", "language": "go"}}})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const declare, predict = "var m = nb.Model(\"teaching\")\nconst text = \"I loved the film. It was\"", "%%\nnb.Show(m.Predict(text).Of(\" wonderful\", \" terrible\"))"
	n := write("n.ipynb", declare, predict, "%%\nnb.Show(m.Generate(text).MaxTokens(4))")
	if out, err := run(python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", n); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(n)
	if err != nil {
		t.Fatal(err)
	}
	out, err := run(program, "verify", "-execute", n)
	if err != nil || !strings.Contains(out, "run afresh") || !strings.Contains(out, "in 2 outputs: agree") || strings.Contains(out, "DIFFERS") {
		t.Errorf("%v: %s", err, out)
	}
	percent := regexp.MustCompile(`\d\d\.\d %`).FindString(string(b))
	if percent == "" {
		t.Fatalf("no probability is shown: %s", b)
	}
	changed := strings.ReplaceAll(string(b), percent, "1"+percent)
	other := filepath.Join(dir, "other.ipynb")
	if err := os.WriteFile(other, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(program, "verify", "-execute", other); err == nil || !strings.Contains(out, "DIFFERS") || !strings.Contains(out, strings.TrimSuffix(percent, " %")+" now, 1"+strings.TrimSuffix(percent, " %")+" before") {
		t.Errorf("%v: %s", err, out)
	}
	if after, err := os.ReadFile(other); err != nil || string(after) != changed {
		t.Errorf("the notebook was changed: %v", err)
	}
	broken := filepath.Join(dir, "broken.ipynb")
	if err := os.WriteFile(broken, []byte(strings.Replace(string(b), "MaxTokens(4)", "MaxTokens(-4)", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(program, "verify", "-execute", broken); err == nil || !strings.Contains(out, "does not run") && !strings.Contains(out, "DIFFERS") {
		t.Errorf("%v: %s", err, out)
	}
}
