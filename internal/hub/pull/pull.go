package pull

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Pull fetches what of a model is not there yet and returns the path of its snapshot, or of its GGUF file. What is there
// is checked. On an error, or when ctx ends, what has been fetched is kept for the next Pull.
//
// progress gets a line for every step, and now and then while a large file is fetched; it may be nil.
func Pull(ctx context.Context, n hub.Name, progress func(string)) (path string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	p := &puller{name: n, progress: progress, say: "pull " + n.String(), patience: patience, pause: pause}
	path, err = p.run(ctx)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return path, p.mistake(err)
}

// A puller is one Pull.
type puller struct {
	name     hub.Name
	say      string // where a mistake was made
	progress func(string)
	client   *client
	cache    hub.Cache

	patience, pause timing // tests are in a hurry
	write           func(*os.File, []byte) (int, error)
}

func (p *puller) run(ctx context.Context) (path string, err error) {
	if hub.Offline() {
		return "", engine.Errorf(engine.BadSetting, p.say, "HF_HUB_OFFLINE forbids the network, and nothing is fetched without").
			Try("unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE")
	}
	caches := hub.Caches()
	if len(caches) == 0 {
		return "", engine.Errorf(engine.BadSetting, p.say, "this user has no folder for models of the hub").Try("set HF_HOME to a folder")
	}
	p.cache = caches[0]
	if p.client, err = newClient(p.patience); err != nil {
		return "", err
	}
	if p.write == nil {
		p.write = (*os.File).Write
	}
	repo, err := p.repository(ctx)
	if err != nil {
		return "", err
	}
	p.progress(fmt.Sprintf("%s is commit %.12s of %s", p.name, repo.Commit, p.client.endpoint))
	path = p.cache.Snapshot(p.name.Repo, repo.Commit)
	files, err := repo.choose(p.name)
	if err != nil {
		return "", err
	}
	if len(files.index) > 0 { // which says what else
		if err := p.file(ctx, repo, files.index[0]); err != nil {
			return "", err
		}
		if files.weights, err = repo.shards(path); err != nil {
			return "", err
		}
	}
	for _, f := range append(files.small, files.weights...) {
		if err := p.file(ctx, repo, f); err != nil {
			return "", err
		}
	}
	if err := p.ref(repo.Commit); err != nil {
		return "", err
	}
	if files.gguf {
		path = filepath.Join(path, filepath.FromSlash(files.weights[0].Name))
	}
	return path, nil
}

// mistake says what to do about an error of the system or of the network that does not say so itself.
func (p *puller) mistake(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*engine.Error](err); ok {
		return e
	}
	_, network := errors.AsType[*url.Error](err)
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return engine.Errorf(engine.BadSetting, p.say, "%s has no room left: %v", p.cache, err).
			Try("make room and type the same again, which goes on where this ended; or set HF_HUB_CACHE to a folder on a larger disk")
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR):
		return engine.Errorf(engine.BadSetting, p.say, "the model cannot be kept in %s: %v", p.cache, err).
			Try("set HF_HUB_CACHE to a folder that you can write")
	case network || temporary(err) != nil:
		return engine.Errorf(engine.UnknownModel, p.say, "%s cannot be reached: %v", p.client.endpoint, err).
			Try("see that the network is up and HF_ENDPOINT and HTTPS_PROXY are right, and type the same again: it goes on where this ended")
	}
	return engine.Errorf(engine.UnknownModel, p.say, "%v", err).Try("type the same again: it goes on where this ended")
}
