package pull

import (
	"context"
	"crypto/sha1" //nolint:gosec // it is what Git has
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

var (
	sha256Name = regexp.MustCompile(`^[0-9a-f]{64}$`)
	sha1Name   = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// contents are what a file must be.
type contents struct {
	name    string // in the repository
	address string
	etag    string // SHA-256, or SHA-1 of the Git blob, in hexadecimal
	size    int64
}

// sum returns a hash that ends as the etag.
func (c contents) sum() hash.Hash {
	if len(c.etag) == 2*sha256.Size {
		return sha256.New()
	}
	h := sha1.New() //nolint:gosec // as above
	fmt.Fprintf(h, "blob %d\x00", c.size)
	return h
}

func (c contents) is(h hash.Hash) bool { return hex.EncodeToString(h.Sum(nil)) == c.etag }

// about asks the hub what a file is.
func (p *puller) about(ctx context.Context, r repository, e entry) (c contents, err error) {
	var escaped []string
	for part := range strings.SplitSeq(e.Name, "/") {
		escaped = append(escaped, url.PathEscape(part))
	}
	c = contents{name: e.Name, address: p.client.endpoint + "/" + p.name.Repo + "/resolve/" + r.Commit + "/" + strings.Join(escaped, "/"), size: -1}
	err = p.patiently(ctx, func() (bool, error) {
		a, err := p.client.do(ctx, http.MethodHead, c.address, 0)
		if err != nil {
			return false, err
		}
		defer a.Body.Close()
		redirected := a.StatusCode/100 == 3
		if !redirected {
			if err := p.status(a, e.Name); err != nil {
				return false, err
			}
		}
		if got := a.Header.Get("X-Repo-Commit"); got != r.Commit {
			return false, p.strange("%s is of commit %.40q, not of %s", e.Name, got, r.Commit)
		}
		etag, size := a.Header.Get("X-Linked-Etag"), a.Header.Get("X-Linked-Size")
		if etag == "" {
			etag = a.Header.Get("ETag")
		}
		if size == "" && !redirected {
			size = a.Header.Get("Content-Length")
		}
		c.etag = strings.Trim(strings.TrimPrefix(etag, "W/"), `"`)
		if n, err := strconv.ParseInt(size, 10, 64); err == nil && n >= 0 {
			c.size = n
		} else if e.Size != nil {
			c.size = *e.Size
		}
		return false, nil
	})
	if err != nil {
		return c, err
	}
	switch {
	case !sha256Name.MatchString(c.etag) && !sha1Name.MatchString(c.etag):
		return c, p.strange("it does not say which hash %s has (ETag %.80q)", e.Name, c.etag)
	case c.size < 0:
		return c, p.strange("it does not say which size %s has", e.Name)
	case e.LFS != nil && (e.LFS.SHA256 != c.etag || e.LFS.Size != c.size),
		e.LFS == nil && e.Git != "" && e.Git != c.etag,
		e.LFS == nil && e.Size != nil && *e.Size != c.size:
		return c, p.strange("it says two things of %s: its list and its file have other hashes or sizes", e.Name)
	}
	return c, nil
}

func (p *puller) strange(format string, args ...any) error {
	return engine.Errorf(engine.UnknownModel, p.say, "%s answers strangely: "+format, append([]any{p.client.endpoint}, args...)...).
		Try("see that HF_ENDPOINT is the address of a hub, and type the same again")
}

// file puts a file into the snapshot, fetched if it is not there.
func (p *puller) file(ctx context.Context, r repository, e entry) error {
	c, err := p.about(ctx, r, e)
	if err != nil {
		return err
	}
	repo := p.name.Repo
	local, err := filepath.Localize(e.Name)
	if err != nil {
		return fmt.Errorf("%.100q cannot be the name of a file here: %w", e.Name, err)
	}
	at := filepath.Join(p.cache.Snapshot(repo, r.Commit), local)
	blob, held := p.cache.Blob(repo, c.etag), p.cache.Lock(repo, c.etag)
	for _, path := range []string{at, blob, held} {
		if err := folderOf(path); err != nil {
			return err
		}
	}
	unlock, err := p.lock(ctx, held, c.name)
	if err != nil {
		return err
	}
	defer unlock()
	if ok, err := p.right(ctx, at, c); ok || err != nil {
		if ok {
			p.progress(c.name + " is there and right")
		}
		return err
	}
	fresh := false
	if ok, err := p.right(ctx, blob, c); err != nil {
		return err
	} else if !ok {
		if err := p.fetch(ctx, blob, c); err != nil {
			return err
		}
		fresh = true
	}
	return place(blob, at, fresh)
}

// lock takes the lock that every writer of the cache takes, so that two do not fetch the same. Where the file system has
// no locks, two do, and the hash tells whether they disturbed each other.
func (p *puller) lock(ctx context.Context, path, name string) (unlock func(), err error) {
	// It is made here, since others of the user's group must be able to take it too.
	f, err := regular.OpenOwn(path, os.O_CREATE|os.O_RDWR, 0o664)
	if err != nil {
		return nil, err
	}
	_ = f.Chmod(0o664) // only its owner can
	if err := f.Close(); err != nil {
		return nil, err
	}
	unlock, err = lock.Try(path)
	if errors.Is(err, lock.ErrHeld) {
		p.progress(name + ": another program is fetching it; waiting until it is done")
		unlock, err = lock.Until(ctx, path)
	}
	if err != nil && ctx.Err() == nil {
		return func() {}, nil
	}
	return unlock, err
}

// right says whether the file at path has the contents. One that is not there has not.
func (p *puller) right(ctx context.Context, path string, c contents) (bool, error) {
	f, err := regular.Open(path)
	if err != nil {
		return false, nil // whatever it is, it is replaced
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || st.Size() != c.size {
		return false, nil
	}
	h := c.sum()
	if _, err := io.Copy(h, until(ctx, f)); err != nil {
		return false, err
	}
	return c.is(h), nil
}

// place makes the file of a snapshot a link to its blob, which may have been there before. Where links cannot be made a
// fresh blob moves there, and one that others may use is copied, as huggingface_hub does it.
func place(blob, at string, fresh bool) error {
	dir := filepath.Dir(at)
	rel, err := filepath.Rel(dir, blob)
	if err != nil {
		return err
	}
	temp := filepath.Join(dir, atomicfile.Prefix+filepath.Base(blob))
	_ = os.Remove(temp)
	if err := symlink(rel, temp); err == nil {
		if err := os.Rename(temp, at); err != nil {
			return errors.Join(err, os.Remove(temp))
		}
		return nil
	}
	if err := remove(at); err != nil {
		return err
	}
	if fresh {
		return os.Rename(blob, at)
	}
	from, err := regular.Open(blob)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := atomicfile.Create(at, 0o644)
	if err != nil {
		return err
	}
	defer to.Discard()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Commit()
}
