//go:build !unix

package server

import (
	"context"
	"os"
)

// waitProcess waits for the process with its handle; ctx ends the wait one process later.
func waitProcess(ctx context.Context, pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	ended := make(chan struct{})
	go func() { _, _ = p.Wait(); close(ended) }()
	select {
	case <-ended:
		return true
	case <-ctx.Done():
		return false
	}
}
