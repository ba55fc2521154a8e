//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// ErrLocked is returned by TryLock when somebody else holds the lock.
var ErrLocked = errors.New("locked by another process")

// Lock takes the exclusive lock of the file at path, which is created if need be, and waits for it. The lock ends with
// unlock or with the process. Two calls in one process exclude each other as well.
func Lock(path string) (unlock func(), err error) { return flock(path, syscall.LOCK_EX) }

// TryLock is Lock that returns ErrLocked instead of waiting.
func TryLock(path string) (unlock func(), err error) {
	return flock(path, syscall.LOCK_EX|syscall.LOCK_NB)
}

func flock(path string, how int) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() { f.Close() }, nil // closing ends the lock
}
