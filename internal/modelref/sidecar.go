package modelref

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Files from this size on have their digest remembered: hashing a smaller one takes about as long as asking.
const sidecarFrom = 1 << 20

// maxSidecar bounds a sidecar, in bytes.
const maxSidecar = 64 << 10

// A sidecar is a remembered digest and everything that must be unchanged for it to hold.
type sidecar struct {
	Path string `json:"path"`
	state
	SHA256 string `json:"sha256"`
}

// digestFile returns the SHA-256 of a file, from its sidecar where that still holds.
func digestFile(path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return digestOpen(context.Background(), path, f)
}

// digestOpen is digestFile of an open file. Its position does not matter and stays.
func digestOpen(ctx context.Context, path string, f *os.File) (string, error) {
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	if st.Size() < sidecarFrom {
		return digestWhole(ctx, f, st.Size())
	}
	before := stateOf(st)
	want, at := sidecar{Path: path, state: before}, sidecarPath(path)
	if sum, ok := remembered(at, want); ok {
		return sum, nil
	}
	quiet := before.settled() // before it is read: what changes it later has a later time
	if want.SHA256, err = digestWhole(ctx, f, st.Size()); err != nil {
		return "", err
	}
	if st, err = f.Stat(); err != nil {
		return "", err
	}
	if at != "" && quiet && stateOf(st) == before {
		remember(at, want) // a cache folder that cannot be written costs time, nothing else
	}
	return want.SHA256, nil
}

// digestWhole hashes size bytes of an open file. It ends early with the context's error.
func digestWhole(ctx context.Context, f io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	b := make([]byte, 1<<18)
	for at := int64(0); at < size; at += int64(len(b)) {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		b = b[:min(int64(len(b)), size-at)]
		if n, err := f.ReadAt(b, at); n < len(b) {
			if errors.Is(err, io.EOF) {
				err = errors.New("it became shorter while it was read")
			}
			return "", err
		}
		h.Write(b)
	}
	return hexSum(h), nil
}

// remembered reads a sidecar. One that is damaged or of another state of the file is as good as none.
func remembered(at string, want sidecar) (sum string, ok bool) {
	b, err := regular.ReadFile(at, maxSidecar)
	if err != nil {
		return "", false
	}
	return want.believed(b)
}

// believed returns the digest that b, the text of a sidecar, remembers of want's state.
func (want sidecar) believed(b []byte) (sum string, ok bool) {
	var got sidecar
	if json.Unmarshal(b, &got) != nil {
		return "", false
	}
	raw, err := hex.DecodeString(got.SHA256)
	if err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != got.SHA256 {
		return "", false
	}
	want.SHA256 = got.SHA256
	return got.SHA256, got == want
}

// remember writes a sidecar so that nobody ever sees half of one.
func remember(at string, s sidecar) {
	b, err := json.Marshal(s)
	if err != nil || os.MkdirAll(filepath.Dir(at), 0o755) != nil {
		return
	}
	_ = atomicfile.Write(at, b, 0o644)
}

// sidecarPath returns where the digest of a file is remembered; empty where the user has no cache folder.
func sidecarPath(path string) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	key := sha256.Sum256([]byte(path))
	return filepath.Join(cache, "neuronsteer", "digests", hex.EncodeToString(key[:16])+".json")
}
