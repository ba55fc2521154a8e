//go:build xla && cgo

package engine

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
)

func init() { plugins["xla"] = openXLA }

// openXLA loads a PJRT plugin. The plugin's products are those of float32, and nothing is downloaded.
func openXLA(path string) (compute.Backend, error) {
	xla.EnableAutoInstall(false)
	return xla.New(path + ",tf32=false")
}
