package local

import "runtime/debug"

const (
	module = "github.com/neuronsteer/neuronsteer"
	devel  = "devel"
)

// Version returns the version of neuronsteer that is linked in: a release's tag, or "devel".
func Version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	for _, d := range append(b.Deps, &b.Main) {
		if d.Path == module && d.Version != "" && d.Version != "(devel)" {
			return d.Version
		}
	}
	return devel
}
