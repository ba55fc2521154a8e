package hub

import (
	"io/fs"
	"regexp"
	"strings"
)

// Main is the revision that a name without one means.
const Main = "main"

// A Name says which model of the hub is meant.
type Name struct {
	Repo     string // org/model
	File     string // a GGUF file of it, or its quantization; empty where the model is the whole of the repository
	Revision string // a branch, a tag or a commit; never empty
}

// Longest names, in bytes.
const (
	maxRepo     = 96
	maxRevision = 200
	maxFile     = 400
)

var (
	repoName = regexp.MustCompile(`^\w([\w.-]*\w)?/\w([\w.-]*\w)?$`)
	// revisionName leaves out what git does, and what a file system might take for something else.
	revisionName = regexp.MustCompile(`^[\w+=,%!()-][\w+=,%!().-]*(/[\w+=,%!()-][\w+=,%!().-]*)*$`)
	commitName   = regexp.MustCompile(`^[0-9a-f]{40}$`)
	shortCommit  = regexp.MustCompile(`^[0-9a-f]{7,39}$`)
)

// Parse reads org/model[:FILE][@REVISION]. ok is false where ref cannot be one. A path can look like one, too.
func Parse(ref string) (n Name, ok bool) {
	left, revision, given := strings.Cut(ref, "@")
	if !given {
		revision = Main
	}
	repo, file, named := strings.Cut(left, ":")
	n = Name{Repo: repo, File: file, Revision: revision}
	if named && !validFile(file) || !validRepo(repo) || !validRevision(revision) {
		return Name{}, false
	}
	return n, true
}

// validRepo follows the hub's rules, and leaves out what is surely a file.
func validRepo(s string) bool {
	lower := strings.ToLower(s)
	for _, end := range []string{".git", ".gguf", ".safetensors", ".json"} {
		if strings.HasSuffix(lower, end) {
			return false
		}
	}
	return len(s) <= maxRepo && repoName.MatchString(s) && !strings.Contains(s, "--") && !strings.Contains(s, "..")
}

func validRevision(s string) bool {
	return len(s) <= maxRevision && revisionName.MatchString(s) && !strings.Contains(s, "..") && !strings.HasSuffix(s, ".lock")
}

// validFile says whether s can be a file of a repository, as a path in it.
func validFile(s string) bool {
	return len(s) <= maxFile && ValidPath(s)
}

// ValidPath says whether a path in a repository, which others chose, is a path below its root on every system.
func ValidPath(s string) bool {
	if !fs.ValidPath(s) || strings.ContainsAny(s, `\:*?"<>|`) {
		return false
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return false
		}
	}
	for part := range strings.SplitSeq(s, "/") { // also of the root, "."
		if strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") {
			return false
		}
	}
	return true
}

// IsCommit says whether a revision is a commit in full, which never changes.
func IsCommit(revision string) bool { return commitName.MatchString(revision) }

// String returns what Parse reads.
func (n Name) String() string {
	s := n.Repo
	if n.File != "" {
		s += ":" + n.File
	}
	if n.Revision != Main {
		s += "@" + n.Revision
	}
	return s
}
