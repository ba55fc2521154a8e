package lock

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrHeld is the error of a lock that somebody else holds; Holder says who.
var ErrHeld = errors.New("held")

// poll is how often a waiting call asks again: a lock has no queue that could be left when a context ends.
const poll = 5 * time.Millisecond

// Try takes the exclusive lock of the file at path, which is created if need be, or returns ErrHeld at once.
func Try(path string) (unlock func(), err error) { return take(path, false) }

// TryShared is Try for a lock that many may hold at the same time, while nobody holds it exclusively.
func TryShared(path string) (unlock func(), err error) { return take(path, true) }

// Until is Try that waits until ctx is done, and then returns its error.
func Until(ctx context.Context, path string) (unlock func(), err error) {
	for {
		unlock, err = Try(path)
		if !errors.Is(err, ErrHeld) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(poll):
		}
	}
}

// Within is Until with a limit, after which the error, an ErrHeld, names the holder.
func Within(ctx context.Context, path string, limit time.Duration) (unlock func(), err error) {
	soon, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	unlock, err = Until(soon, path)
	if err != nil && ctx.Err() == nil && soon.Err() != nil {
		return nil, fmt.Errorf("%s is %w, %s, since more than %v", path, ErrHeld, Holder(path), limit)
	}
	return unlock, err
}
