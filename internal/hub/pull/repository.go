package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/hub"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Bounds of what describes a repository.
const (
	maxListing = 64 << 20
	maxIndex   = 64 << 20
)

const (
	weightsFile  = "model.safetensors"
	weightsIndex = "model.safetensors.index.json"
)

// smallFiles are fetched where a repository has them.
var smallFiles = []string{
	"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model",
	"special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json",
}

// A repository is what the hub says of a revision.
type repository struct {
	Commit string  `json:"sha"`
	Files  []entry `json:"siblings"`
}

// An entry is a file of a repository. Servers that leave out the hashes say them with the file.
type entry struct {
	Name string `json:"rfilename"`
	Size *int64 `json:"size"`
	Git  string `json:"blobId"`
	LFS  *struct {
		SHA256 string `json:"sha256"`
		Size   int64  `json:"size"`
	} `json:"lfs"`
}

// repository asks the hub for a revision.
func (p *puller) repository(ctx context.Context) (r repository, err error) {
	address := p.client.endpoint + "/api/models/" + p.name.Repo + "/revision/" + url.PathEscape(p.name.Revision) + "?blobs=true"
	err = p.patiently(ctx, func() (bool, error) {
		b, err := p.client.get(ctx, address, maxListing, func(a *http.Response) error { return p.status(a, "") })
		if err != nil {
			return false, err
		}
		if r = (repository{}); json.Unmarshal(b, &r) != nil || !hub.IsCommit(r.Commit) {
			return false, engine.Errorf(engine.UnknownModel, p.say, "%s does not answer as a hub does", p.client.endpoint).
				Try("see that HF_ENDPOINT is the address of a hub, and that no proxy or login page answers in its place")
		}
		if hub.IsCommit(p.name.Revision) && r.Commit != p.name.Revision {
			return false, p.strange("asked for commit %s, it tells of %s", p.name.Revision, r.Commit)
		}
		return false, nil
	})
	return r, err
}

// files are what of a repository is fetched.
type files struct {
	small, index, weights []entry
	gguf                  bool // weights are the parts of one model
}

// choose picks the files of a model.
func (r repository) choose(n hub.Name) (f files, err error) {
	bad := func(format string, args ...any) *engine.Error {
		return engine.Errorf(engine.BadModel, "pull "+n.String(), format, args...)
	}
	by := map[string]entry{}
	var names []string
	for _, e := range r.Files {
		by[e.Name], names = e, append(names, e.Name)
	}
	_, whole := by[weightsFile]
	_, sharded := by[weightsIndex]
	if n.File != "" || !whole && !sharded && slices.ContainsFunc(names, func(s string) bool { return strings.EqualFold(path.Ext(s), ".gguf") }) {
		all, err := modelref.ChooseGGUF(names, n.File, func(file string) string { return hub.Name{Repo: n.Repo, File: file, Revision: n.Revision}.String() })
		if err != nil {
			return f, bad("of %s one GGUF model is fetched, and %v", n.Repo, err).Try("type: neuronsteer pull %s:FILE, with one of them or the end of its name", n.Repo)
		}
		for _, name := range all {
			e, ok := by[name]
			if !ok {
				return f, bad("%s has not all parts of its model: %s is missing", n.Repo, name).Try("choose another file of it")
			}
			if !hub.ValidPath(name) {
				return f, bad("%s has a file with the name %.100q, which is not used", n.Repo, name).Try("choose another file of it")
			}
			f.weights = append(f.weights, e)
		}
		f.gguf = true
		return f, nil
	}
	for _, name := range smallFiles {
		if e, ok := by[name]; ok {
			f.small = append(f.small, e)
		}
	}
	switch {
	case whole:
		f.weights = []entry{by[weightsFile]}
	case sharded:
		f.index = []entry{by[weightsIndex]}
	default:
		return f, bad("%s has weights neither in safetensors nor in GGUF%s", n.Repo, other(names)).
			Try("look for a conversion of it, or convert it with save_pretrained of transformers and name the folder")
	}
	for _, name := range []string{"config.json", "tokenizer.json"} {
		if _, ok := by[name]; !ok {
			return f, bad("%s has no %s, without which a model is not opened", n.Repo, name).
				Try("write it with save_pretrained of transformers, and name the folder")
		}
	}
	return f, nil
}

// other names weights in a form that is not read.
func other(names []string) string {
	for _, name := range names {
		switch path.Ext(name) {
		case ".bin", ".pth", ".pt", ".h5", ".msgpack", ".onnx":
			return fmt.Sprintf(" (it has %.100q)", name)
		}
	}
	return ""
}

// shards returns the files that the index in a snapshot lists.
func (r repository) shards(snapshot string) (list []entry, err error) {
	b, err := modelref.ReadFile(regular.Dir(snapshot), weightsIndex, maxIndex)
	if err != nil {
		return nil, err
	}
	w, err := modelref.ParseIndex(b)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range w.Files {
		i := slices.IndexFunc(r.Files, func(e entry) bool { return e.Name == name })
		if i < 0 || !hub.ValidPath(name) {
			missing = append(missing, name)
			continue
		}
		list = append(list, r.Files[i])
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s lists files that the repository does not have: %s", weightsIndex, modelref.FirstTen(missing, ", "))
	}
	return list, nil
}

// ref lets the revision's name lead to a commit whose snapshot is whole.
func (p *puller) ref(commit string) error {
	if hub.IsCommit(p.name.Revision) {
		return nil
	}
	return record(p.cache.Ref(p.name.Repo, p.name.Revision), commit)
}
