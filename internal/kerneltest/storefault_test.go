//go:build kernel

package kerneltest_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A result file that was cut short, or in which one bit has changed, is computed again and kept again.
func TestFaultDamagedResult(t *testing.T) {
	k, d := finish(t)
	for _, damage := range []struct {
		name string
		do   func([]byte) []byte
	}{
		{"truncated", func(b []byte) []byte { return b[:len(b)/2] }},
		{"one bit", func(b []byte) []byte { b[len(b)-100] ^= 0x40; return b }},
	} {
		t.Run(damage.name, func(t *testing.T) {
			all, err := filepath.Glob(filepath.Join(k.Store, "*.safetensors"))
			if err != nil || len(all) != 1 {
				t.Fatalf("%v, %v: want one result", all, err)
			}
			b, err := os.ReadFile(all[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(all[0], damage.do(b), 0o600); err != nil {
				t.Fatal(err)
			}
			d.computed++
			d.kept(t, k) // computed once more
			d.kept(t, k) // and kept
		})
	}
	if aside, _ := filepath.Glob(filepath.Join(k.Store, "*.damaged")); len(aside) != 1 {
		t.Errorf("set aside: %v", aside)
	}
	server(t, k)
}
