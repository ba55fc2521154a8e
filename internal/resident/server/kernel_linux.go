package server

import (
	"context"

	"golang.org/x/sys/unix"
)

// waitProcess returns true when process pid has ended, false when ctx was done before. A pidfd also tells the end of a
// process that nobody has waited for yet, which signal 0 does not, and is never fooled by a number that is used again.
func waitProcess(ctx context.Context, pid int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	switch err {
	case nil:
	case unix.ESRCH:
		return true
	default: // a system before Linux 5.3, or one that forbids it
		return pollProcess(ctx, pid)
	}
	defer unix.Close(fd)
	for ctx.Err() == nil {
		// The interval bounds only how long this goroutine outlives ctx; the end of the process is seen at once.
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 1000)
		if err != nil && err != unix.EINTR {
			return pollProcess(ctx, pid)
		}
		if n > 0 {
			return true
		}
	}
	return false
}
