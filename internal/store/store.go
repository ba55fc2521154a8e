package store

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// DefaultMax is the size that a store is kept below unless NEURONSTEER_STORE_MAX says otherwise, in bytes.
const DefaultMax = 4 << 30

// lockTime is how long an operation on the whole folder waits for another one.
const lockTime = 5 * time.Second

// suffix of a result file; the rest of its name is the Ref in hexadecimal.
const suffix = ".safetensors"

// A Store is a folder of results. It is safe for concurrent use, by several processes too.
type Store struct {
	dir string // absolute
	max int64  // bytes
}

// Open returns the store in dir, which is created if it does not exist. An empty dir is the folder in NEURONSTEER_STORE
// or, without it, neuronsteer/results in the user's cache folder.
func Open(dir string) (*Store, error) {
	if dir == "" {
		dir = os.Getenv("NEURONSTEER_STORE")
	}
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, engine.Errorf(engine.BadSetting, "store", "there is no cache folder for results: %v", err).
				Try("set NEURONSTEER_STORE to a folder")
		}
		dir = filepath.Join(cache, "neuronsteer", "results")
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "sessions"), 0o700)
	}
	if err != nil {
		return nil, engine.Errorf(engine.BadSetting, "store", "results cannot be kept in %s: %v", dir, err).
			Try("set NEURONSTEER_STORE to a folder that you can write")
	}
	limit, err := maxFromEnv()
	if err != nil {
		return nil, err
	}
	return &Store{dir: dir, max: limit}, nil
}

// maxFromEnv reads NEURONSTEER_STORE_MAX.
func maxFromEnv() (int64, error) {
	v := os.Getenv("NEURONSTEER_STORE_MAX")
	if v == "" {
		return DefaultMax, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, engine.Errorf(engine.BadSetting, "store", "NEURONSTEER_STORE_MAX is %q, not a number of bytes", v).
			Try("e.g. NEURONSTEER_STORE_MAX=%d", int64(DefaultMax))
	}
	return n, nil
}

// Dir returns the store's folder, absolute.
func (s *Store) Dir() string { return s.dir }

// Max returns the size that the store is kept below, in bytes.
func (s *Store) Max() int64 { return s.max }

// Path returns where the result of ref is, or would be.
func (s *Store) Path(ref steer.Ref) string { return filepath.Join(s.dir, ref.String()+suffix) }

// lock keeps other processes from renaming, removing or counting in this store until unlock is called.
func (s *Store) lock() (unlock func(), err error) {
	return lock.Within(context.Background(), filepath.Join(s.dir, "lock"), lockTime)
}
