package build

import (
	"runtime/debug"
	"testing"
)

// Only a tag is a release: whatever else Go calls a version can be the version of two different programs.
func TestRelease(t *testing.T) {
	other := debug.Module{Path: "example.com/mine", Version: "v9.9.9"}
	for _, c := range []struct {
		what string
		m    debug.Module
		want string
	}{
		{"tag", debug.Module{Version: "v1.2.3"}, "v1.2.3"},
		{"candidate", debug.Module{Version: "v1.2.3-rc.1"}, "v1.2.3-rc.1"},
		{"working copy without version control, or in a workspace", debug.Module{Version: "(devel)"}, ""},
		{"nothing", debug.Module{}, ""},
		{"changed files at a tag", debug.Module{Version: "v1.2.3+dirty"}, ""},
		{"commit before any tag", debug.Module{Version: "v0.0.0-20261124120657-72143ece5a7a"}, ""},
		{"commit after a tag", debug.Module{Version: "v1.2.4-0.20261124120657-72143ece5a7a"}, ""},
		{"commit after a candidate", debug.Module{Version: "v1.2.4-rc.1.0.20261124120657-72143ece5a7a"}, ""},
		{"changed files at a commit", debug.Module{Version: "v0.0.0-20261124120657-72143ece5a7a+dirty"}, ""},
		{"replaced by a folder", debug.Module{Version: "v1.2.3", Replace: &debug.Module{Path: "../neuronsteer"}}, ""},
	} {
		c.m.Path = module
		for _, b := range []debug.BuildInfo{{Main: c.m}, {Main: other, Deps: []*debug.Module{{Path: "example.com/other", Version: "v1.0.0"}, &c.m}}} {
			if got, ok := release(&b); got != c.want || ok != (c.want != "") {
				t.Errorf("%s, %q: %q %v, want %q", c.what, c.m.Version, got, ok, c.want)
			}
		}
	}
	if v, ok := release(&debug.BuildInfo{Main: other}); ok {
		t.Errorf("a program without the module: %q", v)
	}
}
