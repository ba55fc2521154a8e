package capsule

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// What a capsule may hold. Bytes are those that come out of it, whatever it says of itself.
const (
	mostFiles = 20_000
	mostBytes = 16 << 30
	mostNotes = 64 << 20 // of the manifest
)

// Open unpacks a capsule into a new folder and returns what it holds. A folder that is there already is not touched. Where
// anything is wrong nothing is left.
func Open(file, dir string) (m Manifest, err error) {
	bad := func(format string, args ...any) error {
		return engine.Errorf(steer.BadFile, "capsule", "%s: %s", file, fmt.Sprintf(format, args...)).Try("ask for the capsule again")
	}
	f, err := regular.Open(file)
	if err != nil {
		return m, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return m, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return m, bad("this is no capsule: %v", err)
	}
	files, err := entries(z)
	if err != nil {
		return m, bad("%v", err)
	}
	if m, err = manifest(files); err != nil {
		return m, bad("%v", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return m, engine.Errorf(steer.BadSetting, "capsule", "%s is there already", dir).Try("name another folder with -to")
		}
		return m, err
	}
	left := int64(mostBytes)
	for name, entry := range files {
		n, err := unpack(entry, filepath.Join(dir, filepath.FromSlash(name)), m.Files[name], left)
		if err != nil {
			return m, errors.Join(bad("%s: %v", name, err), os.RemoveAll(dir))
		}
		left -= n
	}
	return m, nil
}

// entries returns the files of a capsule by their names within its one folder.
func entries(z *zip.Reader) (map[string]*zip.File, error) {
	if len(z.File) > mostFiles {
		return nil, fmt.Errorf("it holds %d files, at most %d are read", len(z.File), mostFiles)
	}
	files, root := map[string]*zip.File{}, ""
	for _, x := range z.File {
		first, name, ok := strings.Cut(x.Name, "/")
		switch {
		case !ok || name == "" || !local(x.Name):
			return nil, fmt.Errorf("the name %q leads out of its folder", x.Name)
		case root != "" && first != root:
			return nil, fmt.Errorf("it has two folders, %q and %q", root, first)
		case !x.Mode().IsRegular():
			return nil, fmt.Errorf("%q is no file", x.Name)
		case files[name] != nil:
			return nil, fmt.Errorf("%q is there twice", x.Name)
		}
		root, files[name] = first, x
	}
	return files, nil
}

// local reports whether a name stays within its folder, on any system.
func local(name string) bool {
	return filepath.IsLocal(filepath.FromSlash(name)) && path.Clean(name) == name && !strings.ContainsAny(name, "\\:\x00")
}

// manifest reads what the capsule says that it holds: it is all that it holds.
func manifest(files map[string]*zip.File) (m Manifest, err error) {
	x := files["manifest.json"]
	if x == nil {
		return m, errors.New("it has no manifest")
	}
	r, err := x.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, mostNotes))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("its manifest cannot be read: %w", err)
	}
	if m.Version != manifestVersion {
		return m, fmt.Errorf("it is of version %d, this program reads %d", m.Version, manifestVersion)
	}
	sum := sha256.Sum256(b)
	for name := range m.Files {
		if files[name] == nil {
			return m, fmt.Errorf("%s is missing", name)
		}
	}
	if m.Files == nil || m.Files[m.File] == "" {
		return m, errors.New("its manifest names no notebook or report")
	}
	m.Files["manifest.json"] = hex.EncodeToString(sum[:])
	for name := range files {
		if m.Files[name] == "" {
			return m, fmt.Errorf("%s is not in its manifest", name)
		}
	}
	return m, nil
}

// unpack writes one file, of at most left bytes and with a known digest, and returns its size.
func unpack(x *zip.File, to, want string, left int64) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return 0, err
	}
	r, err := x.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	f, err := regular.OpenOwn(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return 0, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, left+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return n, err
	}
	if n > left {
		return n, fmt.Errorf("it holds more than %d bytes", int64(mostBytes))
	}
	if got := hex.EncodeToString(h.Sum(nil)); !bytes.Equal([]byte(got), []byte(want)) {
		return n, errors.New("it is not the file that was packed")
	}
	return n, nil
}
