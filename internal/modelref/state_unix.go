//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package modelref

import (
	"io/fs"
	"syscall"
	"time"
)

// inode returns the file's number on its file system.
func inode(st fs.FileInfo) uint64 {
	if s, ok := st.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Ino) //nolint:unconvert // a uint32 on some systems
	}
	return 0
}

// changed returns when contents or attributes last changed, which unlike the modification time nobody can set.
func changed(st fs.FileInfo) time.Time {
	if s, ok := st.Sys().(*syscall.Stat_t); ok {
		return time.Unix(changeTime(s).Unix())
	}
	return st.ModTime()
}
