package pull

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// often is the time between two lines about one file.
const often = 5 * time.Second

// much is what an attempt must bring to count as one that brings something.
const much = 1 << 20

// A part is a blob that is being fetched.
type part struct {
	contents
	file *os.File
	have int64
	sum  hash.Hash // of what it has
	said time.Time
	from int64 // what it had when it was said
}

// fetch brings contents to the file blob, going on from what an earlier fetch has left.
func (p *puller) fetch(ctx context.Context, blob string, c contents) error {
	temp := blob + ".incomplete"
	f, err := regular.OpenOwn(temp, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	b := &part{contents: c, file: f, said: time.Now()}
	resumed, err := b.resume(ctx)
	if err != nil {
		return err
	}
	if resumed {
		p.progress(fmt.Sprintf("%s: going on after %s of %s", c.name, size(b.have), size(c.size)))
	} else {
		p.progress(fmt.Sprintf("%s: %s", c.name, size(c.size)))
	}
	b.from = b.have
	for {
		if err := p.patiently(ctx, func() (bool, error) {
			before := b.have
			err := p.attempt(ctx, b)
			return b.have-before >= much, err
		}); err != nil {
			return err
		}
		if b.is(b.sum) {
			break
		}
		if !resumed {
			_ = f.Close()
			_ = os.Remove(temp)
			return engine.Errorf(engine.BadModel, p.say, "what came as %s is not the file: its hash is %x, not %s", c.name, b.sum.Sum(nil), c.etag).
				Try("type the same again; if it stays so, ask who runs %s or the proxy before it", p.client.endpoint)
		}
		p.progress(c.name + ": what was there before is damaged; fetching all of it")
		if resumed, err = false, b.restart(); err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	return atomicfile.Place(temp, blob)
}

// resume takes up what is there of the file.
func (b *part) resume(ctx context.Context) (bool, error) {
	st, err := b.file.Stat()
	if err != nil {
		return false, err
	}
	b.sum = b.contents.sum()
	if st.Size() == 0 || st.Size() > b.size {
		return false, b.restart()
	}
	b.have, err = io.Copy(b.sum, until(ctx, b.file))
	return true, err
}

// restart forgets what is there.
func (b *part) restart() error {
	b.have, b.sum = 0, b.contents.sum()
	_, err := b.file.Seek(0, io.SeekStart)
	return errors.Join(err, b.file.Truncate(0))
}

// attempt asks once for what is missing.
func (p *puller) attempt(ctx context.Context, b *part) error {
	if b.have == b.size {
		return nil
	}
	a, err := p.client.do(ctx, http.MethodGet, b.address, b.have)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		return errors.Join(&later{err: fmt.Errorf("it has not the range of %s that is missing", b.name)}, b.restart())
	}
	if err := p.status(a, b.name); err != nil {
		return err
	}
	if b.have > 0 {
		var from, to, total int64
		_, err := fmt.Sscanf(a.Header.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total)
		if a.StatusCode != http.StatusPartialContent { // it sends all of it
			if err := b.restart(); err != nil {
				return err
			}
		} else if err != nil || from != b.have || total != b.size {
			return errors.Join(&later{err: fmt.Errorf("it sends another range of %s than was asked for (%.80q)", b.name, a.Header.Get("Content-Range"))}, b.restart())
		}
	}
	buffer := make([]byte, 256<<10)
	for b.have < b.size {
		n, err := a.Body.Read(buffer[:min(int64(len(buffer)), b.size-b.have)])
		if n > 0 {
			if _, err := p.write(b.file, buffer[:n]); err != nil {
				return err
			}
			b.sum.Write(buffer[:n])
			b.have += int64(n)
			p.tell(b)
		}
		if errors.Is(err, io.EOF) && b.have < b.size {
			return &later{err: fmt.Errorf("%s ends after %d of %d bytes", b.name, b.have, b.size)}
		} else if err != nil && !errors.Is(err, io.EOF) {
			return &later{err: err}
		}
	}
	if n, _ := a.Body.Read(buffer[:1]); n > 0 {
		return errors.Join(p.strange("%s is longer than the %d bytes that it says", b.name, b.size), b.restart())
	}
	return nil
}

// tell says now and then how far it is.
func (p *puller) tell(b *part) {
	if d := time.Since(b.said); d >= often {
		rate := float64(b.have-b.from) / d.Seconds()
		p.progress(fmt.Sprintf("%s: %s of %s, %s/s", b.name, size(b.have), size(b.size), size(int64(rate))))
		b.said, b.from = time.Now(), b.have
	}
}

// size writes bytes for people.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	x := float64(n)
	for x >= 1000 && len(units) > 1 {
		x, units = x/1000, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.3g %s", x, units[0])
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

// symlink makes a link, unless the environment wants none.
func symlink(to, at string) error {
	if hub.NoLinks() {
		return errors.ErrUnsupported
	}
	return os.Symlink(to, at)
}

// folderOf makes the folder of a file. The user's umask says who else may write there.
func folderOf(path string) error { return os.MkdirAll(filepath.Dir(path), 0o777) }

// remove takes away what is no longer right.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// record puts a short text into a file of the cache that is no link.
func record(path, text string) error {
	if err := folderOf(path); err != nil {
		return err
	}
	if b, err := regular.ReadOwn(path, 1<<10); err == nil && string(b) == text {
		return nil
	}
	if st, err := os.Lstat(path); err == nil && !st.Mode().IsRegular() {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return atomicfile.Write(path, []byte(text), 0o644)
}
