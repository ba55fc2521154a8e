package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// markdown returns the pages of the repository by their paths from its root.
func markdown(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != "../.." && (strings.HasPrefix(name, ".") || slices.Contains([]string{"out", "node_modules", "third_party"}, name)) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel("../..", path)
		pages[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil || len(pages) < 30 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	return pages
}

// TestMarkdown: on every page of the repository each link leads somewhere, each image says what it is, headings go down by one,
// and neither a path of a machine nor the host of a registry stands there.
func TestMarkdown(t *testing.T) {
	pages := markdown(t)
	for name, text := range pages {
		for _, fault := range faults(name, text, func(path string) (string, bool) {
			if text, ok := pages[path]; ok {
				return text, true
			}
			_, err := os.Stat(filepath.Join("../..", filepath.FromSlash(path)))
			return "", err == nil
		}) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

var (
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	inline  = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]*(?:\([^()]*\))?[^()\s]*)\)`)
	heading = regexp.MustCompile(`(?m)^(#{1,6}) (.*)$`)
	machine = regexp.MustCompile(`(?:^|[\s"'(=])(?:/home/|/root/|/Users/|/work/|/tmp/|C:\\)`)
	hosts   = regexp.MustCompile(`\b(?:registry\.npmjs\.org|proxy\.golang\.org|files\.pythonhosted\.org|static\.crates\.io)\b`)
)

// faults returns what is wrong with a page. find returns a file of the repository, its text where it is a page.
func faults(name, text string, find func(path string) (string, bool)) (all []string) {
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if m := machine.FindString(text); m != "" {
		add("has the path of a machine: %q", m)
	}
	if m := hosts.FindString(text); m != "" {
		add("names the host of a registry: %s", m)
	}
	text = fenced.ReplaceAllString(text, "")
	level := 0
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		if n := len(h[1]); n > level+1 || n == 1 && level > 0 {
			add("the heading %q is of level %d after one of %d", h[2], n, level)
		} else {
			level = n
		}
	}
	for _, m := range link.FindAllStringSubmatch(inline.ReplaceAllString(text, "`x`"), -1) {
		if m[1] != "" && len(strings.TrimSpace(m[2])) < 10 {
			add("the image %s says %q of itself", m[3], m[2])
		}
		u, err := url.Parse(m[3])
		if err != nil {
			add("%v", err)
			continue
		}
		if u.Scheme != "" {
			continue
		}
		path := name
		if u.Path != "" {
			path = filepath.ToSlash(filepath.Join(filepath.Dir(name), u.Path))
		}
		there, ok := find(path)
		if path == name {
			there, ok = text, true
		}
		if !ok {
			add("the link %s leads nowhere", m[3])
		} else if u.Fragment != "" && !slices.Contains(anchors(there), u.Fragment) {
			add("%s has no heading %s", path, u.Fragment)
		}
	}
	return all
}

// anchors are the addresses of a page's headings, as GitHub makes them.
func anchors(text string) (all []string) {
	seen := map[string]int{}
	for _, h := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		a := strings.ToLower(strings.ReplaceAll(unspoken.ReplaceAllString(h[2], ""), " ", "-"))
		if seen[a]++; seen[a] > 1 {
			a = fmt.Sprintf("%s-%d", a, seen[a]-1)
		}
		all = append(all, a)
	}
	return all
}

// unspoken are the characters of a heading that its address leaves out.
var unspoken = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// TestFaults: each kind of fault of a page is seen.
func TestFaults(t *testing.T) {
	find := func(path string) (string, bool) {
		return "# There\n\n## A session\n", path == "docs/b.md" || path == "docs/c.png"
	}
	for text, want := range map[string]string{
		"# A\n\n[b](b.md) [s](b.md#a-session) [h](#a) ![a picture of it](c.png)\n\n## B\n\n```go\ncd /tmp/x\n```\n": "has the path of a machine",
		"# A\n\n[b](b.md) [s](b.md#a-session) [h](#a) ![a picture of it](c.png)\n\n## B\n":                          "",
		"# A\n\n### B\n":                   "level 3 after one of 1",
		"# A\n\n# B\n":                     "level 1 after one of 1",
		"# A\n[x](nowhere.md)\n":           "leads nowhere",
		"# A\n[x](b.md#nothing)\n":         "no heading nothing",
		"# A\n[x](#nothing)\n":             "no heading nothing",
		"# A\n![](c.png)\n":                "says \"\" of itself",
		"# A\nsee /home/me/x\n":            "path of a machine",
		"# A\nfrom proxy.golang.org now\n": "host of a registry",
	} {
		got := strings.Join(faults("docs/a.md", text, find), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q has the faults %q, want %q", text, got, want)
		}
	}
}

// TestSentence: a sentence ends where the next one begins, or its paragraph does, whatever follows.
func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"A is, e.g. 3. B is not.":                         "A is, e.g. 3.",
		"A is\nwhat it is.\n\n\ta := f(\"I see. It is\")": "A is what it is.",
		"no end": "no end",
	} {
		if got := sentence(text); got != want {
			t.Errorf("of %q: %q, want %q", text, got, want)
		}
	}
}
