//go:build unix

package server

import (
	"context"
	"syscall"
	"time"
)

// pollProcess is waitProcess where nothing better is to be had: it asks twice a second.
func pollProcess(ctx context.Context, pid int) bool {
	for {
		if syscall.Kill(pid, 0) == syscall.ESRCH { // signal 0 is none: it only asks
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(500 * time.Millisecond):
		}
	}
}
