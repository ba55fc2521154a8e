package kernelproxy

import (
	"io"
	"os"
	"path/filepath"
)

// CacheEnv names the folder in which Go keeps what it compiles for cells, in place of neuronsteer/gobuild in the user's cache
// folder.
const CacheEnv = "NEURONSTEER_GOCACHE"

// cacheFolder returns the folder in which Go keeps what it compiles for cells, "" where none can be written: the user's own
// cache of Go's is used then.
//
// It is not that one, since Go forgets what no build has used for five days. Every build in this folder is that of a cell,
// which uses all that cells are made of: a notebook that is opened after a month does not wait for the compiler.
func cacheFolder() string {
	dir := os.Getenv(CacheEnv)
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(cache, "neuronsteer", "gobuild")
	}
	dir, err := filepath.Abs(dir)
	if err != nil || !writable(dir) {
		return ""
	}
	return dir
}

// room is what a folder must still take for a cell to be compiled in it: what it declares, not what it is made of.
const room = 1 << 20

// writable says whether files can be made in a folder, which is made where there is none.
func writable(dir string) bool {
	if os.MkdirAll(dir, 0o777) != nil {
		return false
	}
	f, err := os.CreateTemp(dir, "probe")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name())
	return fits(f)
}

// fits says whether a file takes what a cell needs, and closes it.
func fits(f io.WriteCloser) bool {
	_, err := f.Write(make([]byte, room))
	return f.Close() == nil && err == nil
}
