package build

import (
	"regexp"
	"runtime/debug"
)

// module is the path that this package is part of.
const module = "github.com/neuronsteer/neuronsteer"

var (
	tag    = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`) // a "+dirty" tree does not match
	commit = regexp.MustCompile(`[.-]\d{14}-[0-9a-f]{12}$`)           // what Go calls a commit that has no tag
)

// Release returns the tag of the neuronsteer that is linked into this program. ok is false where it is no release, so
// that its code can change without the version telling: a working copy, in a workspace or as a replacement, a commit
// without a tag, files that were changed.
func Release() (version string, ok bool) {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "", false
	}
	return release(b)
}

func release(b *debug.BuildInfo) (version string, ok bool) {
	for _, m := range append([]*debug.Module{&b.Main}, b.Deps...) {
		if m.Path == module && m.Replace == nil && tag.MatchString(m.Version) && !commit.MatchString(m.Version) {
			return m.Version, true
		}
	}
	return "", false
}
