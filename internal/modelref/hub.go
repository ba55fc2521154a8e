package modelref

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// cached finds a model of the hub in the caches of this machine. found is false where none has the revision.
func cached(n hub.Name) (m Model, found bool, err error) {
	for _, c := range hub.Caches() {
		commit, err := c.Commit(n.Repo, n.Revision)
		if errors.Is(err, hub.ErrNone) {
			continue
		} else if err != nil {
			return Model{}, true, engine.Errorf(engine.BadModel, "model", "%s in the cache %s: %v", n, c, err).
				Try("type: neuronsteer pull %s", n)
		}
		m, err := snapshot(n, hub.Place{Cache: c, Repo: n.Repo, Commit: commit})
		return m, true, err
	}
	return Model{}, false, nil
}

// snapshot finds the model in a snapshot and checks that its files are there.
func snapshot(n hub.Name, at hub.Place) (Model, error) {
	dir := at.Snapshot(at.Repo, at.Commit)
	names := hub.Names(dir)
	fsys := regular.Dir(dir)
	lacks := func(name string) bool { _, err := fs.Stat(fsys, name); return err != nil }
	bad := func(format string, args ...any) error {
		return engine.Errorf(engine.BadModel, "model", "%s (commit %.8s in %s) %s", n, at.Commit, at.Folder(at.Repo), fmt.Sprintf(format, args...)).
			Try("type: neuronsteer pull %s", n)
	}
	if n.File != "" || isGGUF(names) {
		all, err := ChooseGGUF(names, n.File, func(file string) string { return hub.Name{Repo: n.Repo, File: file, Revision: n.Revision}.String() })
		if err != nil {
			return Model{}, bad("cannot be opened: %v", err)
		}
		if missing := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !lacks(name) }); len(missing) > 0 {
			return Model{}, bad("is not whole: %s", gone(missing))
		}
		return Model{Name: at.Repo + ":" + all[0], Kind: GGUF, Path: filepath.Join(dir, filepath.FromSlash(all[0]))}, nil
	}
	needed := []string{"config.json", "tokenizer.json", weightsFile}
	if lacks(weightsFile) && !lacks(weightsIndex) {
		w, err := index(fsys)
		if err != nil {
			return Model{}, bad("cannot be opened: %v", err)
		}
		needed = append(needed[:2], w.Files...)
	}
	if missing := slices.DeleteFunc(needed, func(name string) bool { return !lacks(name) }); len(missing) > 0 {
		return Model{}, bad("is not whole: %s", gone(missing))
	}
	return Model{Name: at.Repo, Kind: Directory, Path: dir}, nil
}

// isGGUF says whether a snapshot's files are GGUF models and no folder of safetensors.
func isGGUF(names []string) bool {
	return !slices.Contains(names, weightsFile) && !slices.Contains(names, weightsIndex) &&
		slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(filepath.Ext(name), ".gguf") })
}

func gone(missing []string) string {
	if len(missing) == 1 {
		return missing[0] + " is missing"
	}
	return FirstTen(missing, ", ") + " are missing"
}

// pullable says that a model of the hub is not on this machine, and what of it is.
func pullable(n hub.Name, ref string) error {
	var places, revisions []string
	for _, c := range hub.Caches() {
		places = append(places, string(c))
		revisions = append(revisions, c.Revisions(n.Repo)...)
	}
	if len(places) == 0 {
		return engine.Errorf(engine.UnknownModel, "model", "this user has no folder for models of the hub, so %q is not there", ref).
			Try("set HF_HOME to a folder")
	}
	text := fmt.Sprintf("%s is not on this machine: there is no such path, and it is not in the Hugging Face cache (%s)", ref, strings.Join(places, ", "))
	if len(revisions) > 0 {
		text = fmt.Sprintf("%s has no revision %q in the Hugging Face cache (%s), which has %s", n.Repo, n.Revision, strings.Join(places, ", "), FirstTen(revisions, ", "))
	}
	hint := ""
	if hub.Offline() {
		hint = ", without HF_HUB_OFFLINE"
	}
	return engine.Errorf(engine.UnknownModel, "model", "%s", text).Try("type: neuronsteer pull %s%s", n, hint)
}

// either decides between a path and a model of the hub of the same name: what is there is meant, and where both are,
// nobody knows.
func either(ref string) error {
	n, ok := hub.Parse(ref)
	if !ok || strings.HasPrefix(ref, ".") {
		return nil
	}
	if _, found, _ := cached(n); !found {
		return nil
	}
	plain := filepath.Join(".", ref)
	e := engine.Errorf(engine.UnknownModel, "model", "%q is a path here and a model in the Hugging Face cache", ref)
	if strings.Contains(ref, "@") {
		return e.Try("name the path as %q; the model has no other name than this, so go to another folder for it", "."+string(os.PathSeparator)+plain)
	}
	return e.Try("name the path as %q, or the model as %q", "."+string(os.PathSeparator)+plain, ref+"@"+n.Revision)
}
