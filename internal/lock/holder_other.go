//go:build !linux

package lock

// Holder describes who holds the lock of the file at path: this system does not tell.
func Holder(string) string { return "by a process that the system does not name" }
