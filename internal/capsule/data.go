package capsule

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// literal is a text in Go source.
var literal = regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`")

// mostUp is how many folders above its own a notebook's data may be.
const mostUp = 3

// largestData is how large a file may be to go along.
const largestData = 256 << 20

// Data returns the files that the code of a notebook names, relative to its folder: every text in the code that is the path of
// a file there, or near above.
func Data(dir string, code []string) (out []string) {
	for _, c := range code {
		for _, l := range literal.FindAllString(c, -1) {
			name, err := strconv.Unquote(l)
			if err != nil || name == "" || strings.ContainsAny(name, "\n\x00\\") || filepath.IsAbs(name) {
				continue
			}
			name = path.Clean(name)
			if strings.Count(name+"/", "../") > mostUp || slices.Contains(out, name) {
				continue
			}
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
			if err == nil && info.Mode().IsRegular() && info.Size() <= largestData {
				out = append(out, name)
			}
		}
	}
	return out
}
