package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A Cache is a folder of models of the hub.
type Cache string

// ErrNone is the error of a revision that is not in a cache.
var ErrNone = errors.New("not in the cache")

// maxRef bounds a file of refs, which holds a commit.
const maxRef = 4 << 10

// maxNames bounds the files of a snapshot that are looked at.
const maxNames = 10_000

// Folder returns the folder of a repository.
func (c Cache) Folder(repo string) string {
	return filepath.Join(string(c), "models--"+strings.ReplaceAll(repo, "/", "--"))
}

// Snapshot returns the folder of a commit.
func (c Cache) Snapshot(repo, commit string) string {
	return filepath.Join(c.Folder(repo), "snapshots", commit)
}

// Ref returns the file that says which commit a revision is.
func (c Cache) Ref(repo, revision string) string {
	return filepath.Join(c.Folder(repo), "refs", filepath.FromSlash(revision))
}

// Blob returns the file of contents.
func (c Cache) Blob(repo, etag string) string { return filepath.Join(c.Folder(repo), "blobs", etag) }

// Lock returns the file that is locked while contents are fetched.
func (c Cache) Lock(repo, etag string) string {
	return filepath.Join(string(c), ".locks", filepath.Base(c.Folder(repo)), etag+".lock")
}

// Commit returns the commit that a revision is in the cache, of which there is a snapshot. Otherwise the error is an
// ErrNone, or says what is damaged.
func (c Cache) Commit(repo, revision string) (commit string, err error) {
	if IsCommit(revision) {
		commit = revision
	} else if b, err := regular.ReadFile(c.Ref(repo, revision), maxRef); err == nil {
		if commit = strings.TrimSpace(string(b)); !IsCommit(commit) {
			return "", fmt.Errorf("%s holds %.50q, which is no commit", c.Ref(repo, revision), commit)
		}
	} else if !shortCommit.MatchString(revision) {
		if errors.Is(err, fs.ErrNotExist) {
			return "", ErrNone
		}
		return "", err
	} else if all := c.commits(repo, revision); len(all) > 1 {
		return "", fmt.Errorf("%q begins %d commits of the cache: %s", revision, len(all), strings.Join(all, ", "))
	} else if len(all) == 1 {
		return all[0], nil
	}
	if commit == "" || !c.has(repo, commit) {
		return "", ErrNone
	}
	return commit, nil
}

// has says whether there is a snapshot of a commit.
func (c Cache) has(repo, commit string) bool {
	st, err := os.Stat(c.Snapshot(repo, commit))
	return err == nil && st.IsDir()
}

// commits lists the commits that there are snapshots of and that begin with a prefix.
func (c Cache) commits(repo, prefix string) (all []string) {
	list, _ := os.ReadDir(filepath.Join(c.Folder(repo), "snapshots")) // one that cannot be read has none
	for _, e := range list {
		if name := e.Name(); IsCommit(name) && strings.HasPrefix(name, prefix) && c.has(repo, name) {
			all = append(all, name)
		}
	}
	return all
}

// Revisions lists what of a repository is in the cache: its revisions by name, and commits without one.
func (c Cache) Revisions(repo string) (all []string) {
	named := map[string]bool{}
	refs := filepath.Join(c.Folder(repo), "refs")
	_ = filepath.WalkDir(refs, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(all) >= maxNames {
			return nil //nolint:nilerr // what cannot be read is not listed
		}
		name, err := filepath.Rel(refs, path)
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		name = filepath.ToSlash(name)
		if commit, err := c.Commit(repo, name); validRevision(name) && err == nil {
			all, named[commit] = append(all, name), true
		}
		return nil
	})
	for _, commit := range c.commits(repo, "") {
		if !named[commit] {
			all = append(all, commit)
		}
	}
	return all
}

// Names lists the files of a snapshot as paths in the repository, sorted. Links count as files, whatever they lead to.
func Names(snapshot string) (all []string) {
	_ = filepath.WalkDir(snapshot, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read is not there
		}
		if len(all) >= maxNames {
			return fs.SkipAll
		}
		if name, err := filepath.Rel(snapshot, path); err == nil && !d.IsDir() {
			all = append(all, filepath.ToSlash(name))
		}
		return nil
	})
	slices.Sort(all)
	return all
}

// inSnapshot is a path in a snapshot: the folder of models, the repository, the commit and what is below.
var inSnapshot = regexp.MustCompile(`^(.*)/models--(\w[\w.-]*?)--(\w[\w.-]*)/snapshots/([0-9a-f]{40})(?:/(.*))?$`)

// A Place is a path in a snapshot of a cache.
type Place struct {
	Cache
	Repo, Commit string
	File         string // in the snapshot; empty for the snapshot itself
}

// PlaceOf takes the path of a snapshot, or of a file in it, apart.
func PlaceOf(path string) (p Place, ok bool) {
	m := inSnapshot.FindStringSubmatch(filepath.ToSlash(path))
	if m == nil {
		return Place{}, false
	}
	return Place{Cache: Cache(filepath.FromSlash(m[1])), Repo: m[2] + "/" + m[3], Commit: m[4], File: m[5]}, true
}

// Check returns an error if the file at a path in the snapshot, or what a link there leads to, lies elsewhere than in the
// folder of the repository or in the cache. Those two may themselves be reached by links. A file that is not there passes.
func (p Place) Check(path string) error {
	at, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, root := range []string{p.Folder(p.Repo), string(p.Cache)} {
		root, err := filepath.EvalSymlinks(root)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(root, at); err == nil && filepath.IsLocal(rel) {
			return nil
		}
	}
	return &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("it is a link out of the cache, to %s", at)}
}
