//go:build !unix

package resident

import "os"

// makeFolder creates the session's folder. The folders of temporary files are each user's own here.
func makeFolder(dir string) error { return os.MkdirAll(dir, 0o700) }

func checkFolder(dir string) error { return makeFolder(dir) }
