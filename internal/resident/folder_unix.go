//go:build unix

package resident

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// makeFolder creates the session's folder if it does not exist and checks it.
func makeFolder(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return engine.Errorf(engine.NoEngine, "resident", "the session's folder cannot be made: %v", err).
			Try("set TMPDIR to a folder that you can write")
	}
	return checkFolder(dir)
}

// checkFolder refuses a folder in which somebody else could put a socket or read the nonce: who answers there would be
// believed, and would be sent every prompt.
func checkFolder(dir string) error {
	refuse := func(format string, args ...any) error {
		return engine.Errorf(engine.NoEngine, "resident", format, args...).
			Try("remove it, or set TMPDIR to a folder of your own")
	}
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return engine.Errorf(engine.NoEngine, "resident", "the session's folder %s does not exist", dir).
			Try("type: mkdir -m 700 %s", dir)
	}
	if err != nil {
		return refuse("the session's folder: %v", err)
	}
	if !info.IsDir() {
		return refuse("%s is not a folder", dir)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || int(st.Uid) != os.Geteuid() {
		return refuse("%s belongs to somebody else", dir)
	}
	if m := info.Mode().Perm(); m&0o077 != 0 {
		return refuse("others can enter %s (mode %04o)", dir, m)
	}
	up, err := os.Stat(filepath.Dir(dir))
	if err != nil {
		return refuse("the session's folder: %v", err)
	}
	if up.Mode().Perm()&0o022 != 0 && up.Mode()&fs.ModeSticky == 0 { // /tmp has the sticky bit: nobody can rename ours
		return refuse("others can replace %s: %s can be written by all", dir, filepath.Dir(dir))
	}
	return nil
}
