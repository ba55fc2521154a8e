//go:build !unix

package store

import "errors"

// ErrLocked is returned by TryLock when somebody else holds the lock.
var ErrLocked = errors.New("locked by another process")

// Lock does nothing where the system has no flock: processes of one user are then trusted not to collide.
func Lock(path string) (unlock func(), err error) { return func() {}, nil }

// TryLock is Lock.
func TryLock(path string) (unlock func(), err error) { return Lock(path) }
