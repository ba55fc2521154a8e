//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package regular

const (
	nonblock = 0
	nofollow = 0
)
