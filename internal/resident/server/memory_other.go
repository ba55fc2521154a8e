//go:build !linux

package server

// availableMemory is not known here: every model is tried.
func availableMemory() (n int64, known bool) { return 0, false }

func ownMemory() int64 { return 0 }
