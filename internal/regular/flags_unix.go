//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package regular

import "syscall"

const (
	nonblock = syscall.O_NONBLOCK // a pipe that nobody writes to opens at once
	nofollow = syscall.O_NOFOLLOW
)
