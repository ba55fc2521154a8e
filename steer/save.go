package steer

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// writeFile writes a file as a whole or not at all.
func writeFile(path string, b []byte) error {
	if err := atomicfile.Write(path, b, 0o644); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	return nil
}
