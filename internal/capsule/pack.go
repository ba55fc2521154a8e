package capsule

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Contents are what goes into a capsule.
type Contents struct {
	File     string   // the notebook or report
	Data     []string // files that it reads, relative to its folder
	Sources  []journal.Source
	Circuits []journal.Circuit
	Record   func(ref string) (path string, ok bool) // the file of a result
}

// A Manifest says what a capsule holds.
type Manifest struct {
	Version int               `json:"version"`
	File    string            `json:"file"`  // in the capsule
	Files   map[string]string `json:"files"` // SHA-256 by name
}

const manifestVersion = 1

// A packer writes a capsule and remembers what it wrote.
type packer struct {
	zip  *zip.Writer
	root string
	m    Manifest
}

// Pack writes a capsule. It is an error where a result is missing that cannot be left out: then nothing is written.
func Pack(to string, c Contents) (m Manifest, err error) {
	var missing []string
	for _, s := range c.Sources {
		if _, ok := c.Record(s.Ref); !ok && !s.Kept() {
			missing = append(missing, s.String())
		}
	}
	if len(missing) > 0 {
		return m, engine.Errorf(steer.BadFile, "capsule", "%d of the %d results of %s are not in the store: %s", len(missing), len(c.Sources), filepath.Base(c.File), short(missing)).
			Try("run it again with this program, so that they are there, and pack what that gives")
	}
	f, err := atomicfile.Create(to, 0o644)
	if err != nil {
		return m, err
	}
	defer f.Discard()
	p := &packer{zip.NewWriter(f), strings.TrimSuffix(filepath.Base(to), filepath.Ext(to)), Manifest{Version: manifestVersion, Files: map[string]string{}}}
	if err := p.pack(c); err != nil {
		return m, err
	}
	if err := p.zip.Close(); err != nil {
		return m, err
	}
	return p.m, f.Commit()
}

func short(list []string) string {
	const most = 5
	if len(list) > most {
		return strings.Join(list[:most], ", ") + ", …"
	}
	return strings.Join(list, ", ")
}

func (p *packer) pack(c Contents) error {
	dir, name, err := place(c.File, c.Data)
	if err != nil {
		return err
	}
	p.m.File = path.Join("files", name)
	if err := p.file(p.m.File, c.File); err != nil {
		return err
	}
	for _, d := range c.Data {
		if err := p.file(path.Join("files", path.Join(path.Dir(name), filepath.ToSlash(d))), filepath.Join(dir, filepath.FromSlash(d))); err != nil {
			return err
		}
	}
	for _, s := range c.Sources {
		if from, ok := c.Record(s.Ref); ok {
			if err := p.file("store/"+s.Ref+".safetensors", from); err != nil {
				return err
			}
		}
	}
	b, err := json.MarshalIndent(c.Circuits, "", " ")
	if err != nil {
		return err
	}
	if err := p.bytes("circuits.json", append(b, '\n')); err != nil {
		return err
	}
	if err := p.bytes("README.md", []byte(readme(p.m.File, c.Sources))); err != nil {
		return err
	}
	if b, err = json.MarshalIndent(p.m, "", " "); err != nil {
		return err
	}
	w, err := p.zip.Create(p.root + "/manifest.json")
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// place returns the folder of a file, and where the file stands in the capsule so that its data can stand where they do to it.
func place(file string, data []string) (dir, name string, err error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", "", err
	}
	up := 0
	for _, d := range data {
		up = max(up, strings.Count(path.Clean(filepath.ToSlash(d))+"/", "../"))
	}
	parts := strings.Split(filepath.ToSlash(abs), "/")
	return filepath.Dir(abs), path.Join(parts[max(0, len(parts)-1-up):]...), nil
}

func (p *packer) bytes(name string, b []byte) error {
	w, err := p.zip.Create(p.root + "/" + name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	p.m.Files[name] = hex.EncodeToString(sum[:])
	_, err = w.Write(b)
	return err
}

func (p *packer) file(name, from string) error {
	if _, ok := p.m.Files[name]; ok {
		return nil
	}
	f, err := regular.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := p.zip.Create(p.root + "/" + name)
	if err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, h), f); err != nil {
		return err
	}
	p.m.Files[name] = hex.EncodeToString(h.Sum(nil))
	return nil
}

// readme says how a capsule is used.
func readme(file string, sources []journal.Source) string {
	var models, builds []string
	for _, s := range sources {
		if m := fmt.Sprintf("- %s (weights %.8s, tokenizer %.8s)", s.Model, s.Identity.Model, s.Identity.Tokenizer); !slices.Contains(models, m) {
			models = append(models, m)
		}
		if b := s.Identity.Build; b != "" && !slices.Contains(builds, b) {
			builds = append(builds, b)
		}
	}
	text := fmt.Sprintf("# %s\n\nThis folder holds %s and the %d results that it names, so that it is run again without computing anything.\n\nIts models, which are not in it:\n\n%s\n\n", path.Base(file), file, len(sources), strings.Join(models, "\n"))
	text += fmt.Sprintf("To run it again at 0 passes, set `NEURONSTEER_STORE` to the folder `store`:\n\n    NEURONSTEER_STORE=\"$PWD/store\" jupyter lab %s\n\nTo compute every result anew and compare:\n\n    neuronsteer verify %s\n\nmanifest.json has the SHA-256 of every file; `neuronsteer capsule open` checks them.\n", file, file)
	if len(builds) > 0 {
		text += "\nThe results were made by a development build of neuronsteer, and only that build finds them by their addresses: `neuronsteer version` has to say one of\n\n    " + strings.Join(builds, "\n    ") + "\n\nAnother build computes them anew.\n"
	}
	return text
}
