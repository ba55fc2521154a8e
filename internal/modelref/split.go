package modelref

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// maxParts bounds the parts of a split GGUF.
const maxParts = 1 << 12

// splitName is how llama.cpp names the parts of a model that is split into several GGUF files.
var splitName = regexp.MustCompile(`^(.*)-(\d{5})-of-(\d{5})(\.(?i:gguf))$`)

// parts returns the paths of all parts of the split GGUF that the file at path is one of, the first part first, and the
// model's name. For any other file these are the file alone and its name.
func parts(path string) (all []string, name string) {
	base := filepath.Base(path)
	m := splitName.FindStringSubmatch(base)
	if m == nil {
		return []string{path}, base[:len(base)-len(filepath.Ext(base))]
	}
	n, err := strconv.Atoi(m[3])
	if no, nerr := strconv.Atoi(m[2]); err != nil || nerr != nil || no < 1 || no > n || n > maxParts {
		return []string{path}, base[:len(base)-len(filepath.Ext(base))]
	}
	for no := range n {
		all = append(all, filepath.Join(filepath.Dir(path), fmt.Sprintf("%s-%05d-of-%05d%s", m[1], no+1, n, m[4])))
	}
	return all, m[1]
}

// Parts returns the paths of the files of a GGUF: one, or all parts of a model that is split, the first part first. They
// need not exist.
func (m Model) Parts() []string {
	all, _ := parts(m.Path)
	return all
}

// missingParts names the parts that are not there.
func missingParts(all []string) (missing []string) {
	for _, path := range all {
		if _, err := os.Stat(path); err != nil {
			missing = append(missing, filepath.Base(path))
		}
	}
	return missing
}
