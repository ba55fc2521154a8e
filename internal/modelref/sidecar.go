package modelref

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// Files from this size on have their digest remembered: hashing a smaller one takes about as long as asking.
const sidecarFrom = 1 << 20

// settled is how long a file must have been left alone before its digest is remembered: within the clock's resolution
// a later change could keep the same modification time.
const settled = 2 * time.Second

// A sidecar is a remembered digest and everything that must be unchanged for it to hold.
type sidecar struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	Time   int64  `json:"time"` // modification, ns since 1970
	Inode  uint64 `json:"inode"`
	SHA256 string `json:"sha256"`
}

// digestFile returns the SHA-256 of a file, from its sidecar where that still holds.
func digestFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	if st.Size() < sidecarFrom {
		return digest(f)
	}
	want := sidecar{Path: path, Size: st.Size(), Time: st.ModTime().UnixNano(), Inode: inode(st)}
	at := sidecarPath(path)
	if sum, ok := remembered(at, want); ok {
		return sum, nil
	}
	if want.SHA256, err = digest(f); err != nil {
		return "", err
	}
	after, err := f.Stat()
	unchanged := err == nil && after.Size() == st.Size() && after.ModTime().Equal(st.ModTime())
	if at != "" && unchanged && time.Since(st.ModTime()) > settled {
		remember(at, want) // a cache folder that cannot be written costs time, nothing else
	}
	return want.SHA256, nil
}

// remembered reads a sidecar. One that is damaged or of another state of the file is as good as none.
func remembered(at string, want sidecar) (sum string, ok bool) {
	b, err := os.ReadFile(at)
	if err != nil {
		return "", false
	}
	var got sidecar
	if json.Unmarshal(b, &got) != nil {
		return "", false
	}
	raw, err := hex.DecodeString(got.SHA256)
	if err != nil || len(raw) != sha256.Size {
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
