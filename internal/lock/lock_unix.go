//go:build unix

package lock

import (
	"errors"
	"os"
	"syscall"
)

// take locks without waiting. The descriptor is the lock: closing it, or the end of the process, lets go.
func take(path string, shared bool) (unlock func(), err error) {
	how := syscall.LOCK_EX | syscall.LOCK_NB
	if shared {
		how = syscall.LOCK_SH | syscall.LOCK_NB
	}
	for range 100 { // how often others may take and remove it meanwhile
		// Neither a link that leads elsewhere nor a pipe, which would wait for its other end, takes the place of a lock.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
		if err != nil {
			return nil, err
		}
		gone, err := flock(f, how)
		if err == nil && !gone {
			return func() { f.Close() }, nil
		}
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrHeld
		}
		if err != nil {
			return nil, &os.PathError{Op: "lock", Path: path, Err: err}
		}
	}
	return nil, ErrHeld
}

// flock locks an open file. gone says that it is no longer the one at its path: who held it before has removed it, and
// the next one would lock another.
func flock(f *os.File, how int) (gone bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, errors.New("it is no regular file")
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return false, err
	}
	now, err := os.Lstat(f.Name())
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return err == nil && !os.SameFile(info, now), err
}
