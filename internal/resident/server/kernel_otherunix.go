//go:build unix && !linux

package server

import "context"

func waitProcess(ctx context.Context, pid int) bool { return pollProcess(ctx, pid) }
