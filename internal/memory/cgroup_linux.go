package memory

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A group is a control group that holds the process, with the names of its files.
type group struct {
	s                   system
	name, dir           string // as /proc/self/cgroup names it; where it is mounted
	limits              []string
	used, stat, reclaim string
}

// groups returns every control group around the process that can bound memory, the innermost first, of both versions: a
// machine may have the memory controller in either.
func (s system) groups() (all []group) {
	for line := range strings.Lines(s.text("proc/self/cgroup")) { // hierarchy:controllers:path
		f := strings.SplitN(strings.TrimRight(line, "\n"), ":", 3)
		if len(f) != 3 {
			continue
		}
		v2 := f[0] == "0" && f[1] == ""
		if !v2 && !listed(f[1], "memory") {
			continue
		}
		for _, m := range s.mounts() {
			if m.v2 != v2 || !v2 && !listed(m.options, "memory") {
				continue
			}
			for _, dir := range m.up(f[2]) {
				g := group{s: s, dir: filepath.Join(m.point, dir), name: filepath.Join(m.root, dir)}
				if v2 {
					g.limits, g.used, g.stat, g.reclaim = []string{"memory.max", "memory.high"}, "memory.current", "memory.stat", "inactive_file"
				} else {
					g.limits, g.used, g.stat, g.reclaim = []string{"memory.limit_in_bytes"}, "memory.usage_in_bytes", "memory.stat", "total_inactive_file"
				}
				all = append(all, g)
			}
		}
	}
	return all
}

// left returns what the group's limit leaves. Files that were read once count as used, though they make room when memory
// is needed. No limit reads as "max" in version 2 and as a number near 2⁶³ in version 1.
func (g group) left() (n int64, limited bool) {
	limit := int64(math.MaxInt64)
	for _, name := range g.limits {
		if n, ok := g.number(name); ok {
			limit = min(limit, n)
		}
	}
	used, ok := g.number(g.used)
	if !ok || limit >= 1<<62 {
		return 0, false
	}
	return max(0, limit-max(0, used-g.s.table(filepath.Join(g.dir, g.stat))[g.reclaim])), true
}

func (g group) number(name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(g.s.text(filepath.Join(g.dir, name))), 10, 64)
	return n, err == nil
}

// A mount is a hierarchy of control groups. A container sees a part of it: root is the group at the mount point.
type mount struct {
	root, point, options string
	v2                   bool
}

func (s system) mounts() (all []mount) {
	for line := range strings.Lines(s.text("proc/self/mountinfo")) { // id parent device root point options … - type source options
		before, after, ok := strings.Cut(line, " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if !ok || len(f) < 5 || len(g) < 3 || g[0] != "cgroup" && g[0] != "cgroup2" {
			continue
		}
		all = append(all, mount{root: unescape(f[3]), point: unescape(f[4]), options: g[2], v2: g[0] == "cgroup2"})
	}
	return all
}

// up returns the folders below the mount point from a group to the top. A group outside of what is mounted leaves the top.
func (m mount) up(path string) []string {
	rel, err := filepath.Rel(m.root, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		rel = "."
	}
	var all []string
	for at := filepath.Join("/", rel); ; at = filepath.Dir(at) {
		all = append(all, at)
		if at == "/" {
			return all
		}
	}
}

// unescape undoes mountinfo's way of writing spaces and such: a backslash and three octal digits.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (s system) text(path string) string {
	b, _ := os.ReadFile(filepath.Join(s.root, path)) // a file that is not there bounds nothing
	return string(b)
}

func listed(list, name string) bool {
	for x := range strings.SplitSeq(list, ",") {
		if x == name {
			return true
		}
	}
	return false
}
