package memory

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes a system of files, given as "path: text" lines.
func tree(t *testing.T, files ...string) system {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		path, text, _ := strings.Cut(f, ": ")
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return system{root}
}

const (
	machine = "proc/meminfo: MemTotal: 9000 kB\nMemAvailable: 8000 kB"
	v1Mount = "proc/self/mountinfo: 31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"
	v2Mount = "proc/self/mountinfo: 35 31 0:32 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"
	noLimit = "9223372036854771712"
)

// TestGroups: the bound is the least of the machine's and of every group's around the process, whichever version, and
// however deep the one that sets it lies above.
func TestGroups(t *testing.T) {
	const v2, v1 = "sys/fs/cgroup", "sys/fs/cgroup/memory"
	for name, c := range map[string]struct {
		files []string
		want  int64
		by    string
	}{
		"no groups":       {[]string{machine}, 8000 << 10, "this machine"},
		"v2 leaf":         {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a/b", v2 + "/a/b/memory.max: 5000", v2 + "/a/b/memory.current: 2000"}, 3000, "control group /a/b"},
		"v2 parent":       {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a/b", v2 + "/a/b/memory.max: max", v2 + "/a/b/memory.current: 2000", v2 + "/a/memory.max: 7000", v2 + "/a/memory.current: 6500"}, 500, "control group /a"},
		"v2 grandparent":  {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a/b/c", v2 + "/a/b/c/memory.max: 9000", v2 + "/a/b/c/memory.current: 1", v2 + "/a/memory.max: 100", v2 + "/a/memory.current: 30"}, 70, "control group /a"},
		"v2 high":         {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a", v2 + "/a/memory.max: max", v2 + "/a/memory.high: 50", v2 + "/a/memory.current: 20"}, 30, "control group /a"},
		"v2 cached files": {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a", v2 + "/a/memory.max: 5000", v2 + "/a/memory.current: 4000", v2 + "/a/memory.stat: anon 10\ninactive_file 1500"}, 2500, "control group /a"},
		"v2 used up":      {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a", v2 + "/a/memory.max: 5000", v2 + "/a/memory.current: 6000"}, 0, "control group /a"},
		"v2 no limit":     {[]string{machine, v2Mount, "proc/self/cgroup: 0::/a", v2 + "/a/memory.max: max", v2 + "/a/memory.current: 6000"}, 8000 << 10, "this machine"},
		"v1 leaf": {[]string{machine, v1Mount, "proc/self/cgroup: 9:name=systemd:/\n4:memory:/x\n0::/", v1 + "/x/memory.limit_in_bytes: 900", v1 + "/x/memory.usage_in_bytes: 100",
			v1 + "/memory.limit_in_bytes: " + noLimit, v1 + "/memory.usage_in_bytes: 1"}, 800, "control group /x"},
		"v1 parent": {[]string{machine, v1Mount, "proc/self/cgroup: 4:cpu,memory:/x/y", v1 + "/x/y/memory.limit_in_bytes: " + noLimit, v1 + "/x/y/memory.usage_in_bytes: 100",
			v1 + "/x/memory.limit_in_bytes: 1000", v1 + "/x/memory.usage_in_bytes: 900", v1 + "/x/memory.stat: cache 1\ntotal_inactive_file 200"}, 300, "control group /x"},
		"a container's part": {[]string{machine, strings.Replace(v1Mount, "0:32 / ", "0:32 /docker/1 ", 1), "proc/self/cgroup: 4:memory:/docker/1/in",
			v1 + "/in/memory.limit_in_bytes: 300", v1 + "/in/memory.usage_in_bytes: 100", v1 + "/memory.limit_in_bytes: 500", v1 + "/memory.usage_in_bytes: 100"}, 200, "control group /docker/1/in"},
		"another's namespace": {[]string{machine, v2Mount, "proc/self/cgroup: 0::/../../x", v2 + "/memory.max: 500", v2 + "/memory.current: 100"}, 400, "control group /"},
		"a space": {[]string{machine, strings.Replace(v2Mount, "/sys/fs/cgroup ", `/sys/fs/my\040groups `, 1), "proc/self/cgroup: 0::/a",
			"sys/fs/my groups/a/memory.max: 500", "sys/fs/my groups/a/memory.current: 100"}, 400, "control group /a"},
	} {
		n, by, known := tree(t, c.files...).free()
		if !known || n != c.want || by != c.by {
			t.Errorf("%s: %d (%s), want %d (%s)", name, n, by, c.want, c.by)
		}
	}
	if n, _, known := tree(t).free(); known {
		t.Errorf("nothing is known, but %d bytes", n)
	}
	for in, want := range map[string]string{`/a\040b`: "/a b", `/a\04`: `/a\04`, `/\134x`: `/\x`, "": ""} {
		if got := unescape(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}
