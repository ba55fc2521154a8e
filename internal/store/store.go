package store

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// DefaultMax is the size that a store is kept below unless NEURONSTEER_STORE_MAX says otherwise, in bytes.
const DefaultMax = 4 << 30

// suffix of a result file; the rest of its name is the Ref in hexadecimal.
const suffix = ".safetensors"

// damaged is the suffix of a file that was set aside.
const damaged = ".damaged"

// A Store is a folder of results. It is safe for concurrent use, by several processes too.
type Store struct {
	// Check says what is wrong with a record, beyond its checksum and address. One with an error is neither kept nor
	// believed. It is set before the store is used; nil finds nothing wrong.
	Check func(steer.Record) error

	dir      string // absolute
	max      int64  // bytes
	patience time.Duration

	mu      sync.Mutex
	pending Stats             // counted, and not yet written
	held    map[string]func() // the marks of sessions that this process holds, until it ends
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
		if err = os.MkdirAll(dir, 0o700); err != nil && !errors.Is(err, syscall.ENOTDIR) {
			err = nil // full, read-only or somebody else's: what is there answers, and Put says what keeps it from being kept
		}
	}
	if err != nil {
		return nil, engine.Errorf(engine.BadSetting, "store", "results cannot be kept in %s: %v", dir, err).
			Try("set NEURONSTEER_STORE to a folder that you can write")
	}
	limit, err := maxFromEnv()
	if err != nil {
		return nil, err
	}
	return &Store{dir: dir, max: limit, patience: patience, held: map[string]func(){}}, nil
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
func (s *Store) Path(ref steer.Ref) string { return Path(s.dir, ref) }

// Path returns where the result of ref is, or would be, in the store in dir.
func Path(dir string, ref steer.Ref) string { return filepath.Join(dir, ref.String()+suffix) }

// ParseRef reads an address in hexadecimal, or the name of a result's file; ok is false for anything else.
func ParseRef(name string) (ref steer.Ref, ok bool) {
	b, err := hex.DecodeString(strings.TrimSuffix(name, suffix))
	if err != nil || len(b) != len(ref) {
		return ref, false
	}
	return steer.Ref(b), true
}
