package gonbext

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A cell compiles and links this package: what it needs is paid for in every cell.
func TestLinksNoEngine(t *testing.T) {
	c := exec.Command("go", "list", "-deps", ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, bad := range []string{"gomlx", "tokenizers", "gonum.org/v1/plot", "steer/local", "internal/engine", "internal/decoder", "internal/text", "internal/checkpoint", "testdata", "net/http", "gonb/gonbui/"} {
			if strings.Contains(dep, bad) && dep != "github.com/janpfeifer/gonb/gonbui/protocol" {
				t.Errorf("a cell would link %s", dep)
			}
		}
	}
}
