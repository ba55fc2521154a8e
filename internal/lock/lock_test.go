package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestTryExcludes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Try(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []func(string) (func(), error){Try, TryShared} {
		if _, err := f(path); !errors.Is(err, ErrHeld) {
			t.Fatal(err)
		}
	}
	unlock()
	one, err := TryShared(path)
	if err != nil {
		t.Fatal(err)
	}
	two, err := TryShared(path)
	if err != nil {
		t.Fatal(err)
	}
	one()
	if _, err := Try(path); !errors.Is(err, ErrHeld) {
		t.Fatal("one of two has let go:", err)
	}
	two()
	if unlock, err = Try(path); err != nil {
		t.Fatal(err)
	}
	unlock()
}

// A lock whose file was removed by who held it is taken on the file that is there now.
func TestTryAfterTheFileWasRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Try(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	now, err := Try(path)
	if err != nil {
		t.Fatal(err)
	}
	defer now()
	unlock()
	if _, err := Try(path); !errors.Is(err, ErrHeld) {
		t.Error(err)
	}
}

// Who gives up waiting leaves.
func TestUntil(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Try(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Until(ctx, path); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, unlock)
	unlock, err = Until(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// A lock that is not let go of is an error that names who holds it.
func TestWithinNamesTheHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Try(path)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	start := time.Now()
	_, err = Within(t.Context(), path, 30*time.Millisecond)
	if !errors.Is(err, ErrHeld) || time.Since(start) > 5*time.Second {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && !strings.Contains(err.Error(), fmt.Sprintf("process %d (", os.Getpid())) {
		t.Error("the holder is not named:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Within(ctx, path, time.Minute); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
