package kernelspec

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// What is installed is what Jupyter reads, it can be installed twice, and remove takes away exactly that.
func TestInstallAndRemove(t *testing.T) {
	data := t.TempDir()
	t.Setenv("JUPYTER_DATA_DIR", data)
	if user, err := User(); err != nil || user != data {
		t.Fatalf("the user's folder is %q, %v", user, err)
	}
	for range 2 {
		dir, err := Install(data, "/a/neuronsteer")
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
		if err != nil {
			t.Fatal(err)
		}
		var s spec
		if err := json.Unmarshal(b, &s); err != nil || s.Interrupt != "message" || s.Argv[0] != "/a/neuronsteer" || s.Argv[3] != "{connection_file}" {
			t.Errorf("%v\n%s", err, b)
		}
		for _, logo := range []string{"logo-svg.svg", "logo-32x32.png", "logo-64x64.png"} {
			if _, err := os.Stat(filepath.Join(dir, logo)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, file := range []string{"package.json", "static/launcher.js", "static/template.ipynb"} {
		if _, err := os.Stat(filepath.Join(data, "labextensions", Name, file)); err != nil {
			t.Error(err)
		}
	}
	if removed, err := Remove(data); !removed || err != nil {
		t.Errorf("removed %v, %v", removed, err)
	}
	for _, folder := range []string{"kernels", "labextensions"} {
		if left, err := os.ReadDir(filepath.Join(data, folder)); err != nil || len(left) > 0 {
			t.Errorf("left in %s: %v, %v", folder, left, err)
		}
	}
	if removed, err := Remove(data); removed || err != nil {
		t.Errorf("again: removed %v, %v", removed, err)
	}
}

// A folder of the same name that is somebody else's stays.
func TestRemoveOnlyOwn(t *testing.T) {
	for folder, file := range map[string]string{"kernels": "kernel.json", "labextensions": "package.json"} {
		data := t.TempDir()
		dir := filepath.Join(data, folder, Name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(`{"display_name": "Mine", "name": "mine"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if removed, err := Remove(data); removed || err == nil {
			t.Errorf("%s: removed %v, %v", folder, removed, err)
		}
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
}

func TestTemplate(t *testing.T) {
	b := Template()
	var n struct {
		Cells []struct {
			Type    string   `json:"cell_type"`
			Source  []string `json:"source"`
			Outputs []any    `json:"outputs"`
		}
		Metadata struct{ Kernelspec struct{ Name string } }
	}
	if err := json.Unmarshal(b, &n); err != nil || n.Metadata.Kernelspec.Name != Name || len(n.Cells) < 5 || n.Cells[0].Type != "markdown" || n.Cells[1].Outputs == nil {
		t.Errorf("%v\n%s", err, b)
	}
}
