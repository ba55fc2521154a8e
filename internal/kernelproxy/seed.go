package kernelproxy

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// A seed is a file that a release brings, a zip with what cells are made of as Go keeps it in its cache: compiled by one
// version of Go for one system, which its comment names ("go1.26.5 linux/amd64"). It lies beside the module proxy.
//
// What Go keeps of a package has a name that is the hash of all that it was made of: its source, its module and version, the
// version of Go, the flags and the system, and, compiled without paths, nothing of the machine. So a file that is there
// under its name is right wherever it was made; for another Go, other flags or another source the names are others, and Go
// compiles as if there were no seed.
const seedName = "gobuild.zip"

// cached is the name of a file in Go's cache: "d" is content, named by its SHA-256, and "a" says which content an action gave.
var cached = regexp.MustCompile(`^([0-9a-f]{2})/([0-9a-f]{64})-([ad])$`)

// mostCached is how large a file of a seed may be.
const mostCached = 256 << 20

// seeded fills Go's cache from the seed of the release, where there is one and it is for this Go. It never fails: what it does
// not bring, Go compiles. It returns how many files it has brought; before the first it calls begins.
func (b *builder) seeded(ctx context.Context) int {
	if b.modules.proxy == "" {
		return 0
	}
	seed, err := zip.OpenReader(filepath.Join(filepath.Dir(b.modules.proxy), seedName))
	if err != nil {
		return 0
	}
	defer seed.Close()
	cmd := exec.CommandContext(ctx, b.gocmd, "env", "GOVERSION", "GOOS", "GOARCH", "GOCACHE")
	cmd.Dir, cmd.Env = os.TempDir(), b.env
	out, err := cmd.Output()
	said := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(said) != 4 || seed.Comment != fmt.Sprintf("%s %s/%s", said[0], said[1], said[2]) {
		return 0
	}
	return plant(ctx, &seed.Reader, strings.TrimSpace(said[3]), b.unpacks)
}

// plant brings the files of a seed that a cache lacks. Go has no way to tell content of the right size from content that is
// right, so it is compared with its hash here; each file is there as a whole or not at all, and another kernel that does the
// same at the same time writes the same.
func plant(ctx context.Context, seed *zip.Reader, cache string, begins func()) (n int) {
	var first, last []*zip.File // content before what names it
	for _, f := range seed.File {
		m := cached.FindStringSubmatch(f.Name)
		if m == nil || !strings.HasPrefix(m[2], m[1]) || f.UncompressedSize64 > mostCached {
			continue
		}
		if info, err := os.Lstat(filepath.Join(cache, filepath.FromSlash(f.Name))); err == nil && uint64(info.Size()) == f.UncompressedSize64 {
			continue
		}
		if m[3] == "d" {
			first = append(first, f)
		} else {
			last = append(last, f)
		}
	}
	if len(first)+len(last) == 0 {
		return 0
	}
	if begins != nil {
		begins()
	}
	var done atomic.Int64
	for _, files := range [][]*zip.File{first, last} {
		queue := make(chan *zip.File)
		var workers sync.WaitGroup
		for range min(runtime.NumCPU(), 8) {
			workers.Go(func() {
				for f := range queue {
					if ctx.Err() == nil && unpack(f, cache) == nil {
						done.Add(1)
					}
				}
			})
		}
		for _, f := range files {
			queue <- f
		}
		close(queue)
		workers.Wait()
	}
	return int(done.Load())
}

// unpack writes one file of a seed to its place in the cache, if it is what its name says.
func unpack(f *zip.File, cache string) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	if _, err := r.Read(make([]byte, 1)); err != io.EOF { // which also compares the sum that the zip has of it
		return fmt.Errorf("%s: longer than it says, or %w", f.Name, err)
	}
	m := cached.FindStringSubmatch(f.Name)
	if sum := sha256.Sum256(b); m[3] == "d" && hex.EncodeToString(sum[:]) != m[2] {
		return fmt.Errorf("%s is damaged", f.Name)
	}
	if m[3] == "a" && !strings.HasPrefix(string(b), "v1 "+m[2]+" ") {
		return fmt.Errorf("%s is damaged", f.Name)
	}
	path := filepath.Join(cache, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return atomicfile.WriteUnflushed(path, b, 0o666)
}
