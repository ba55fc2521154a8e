package local

import "github.com/neuronsteer/neuronsteer/internal/build"

// Version returns the version of neuronsteer that is linked in: a release's tag, or "devel".
func Version() string {
	if v, ok := build.Release(); ok {
		return v
	}
	return "devel"
}
