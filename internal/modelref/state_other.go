//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package modelref

import (
	"io/fs"
	"time"
)

// inode returns 0: there is no such number here; path, size and time must do.
func inode(fs.FileInfo) uint64 { return 0 }

// changed returns the modification time: there is no other here.
func changed(st fs.FileInfo) time.Time { return st.ModTime() }
