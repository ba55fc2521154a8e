package golden

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// casePairs compares the contrasts contrast/NAME [L,F] and the control vectors control/NAME [L,D]. Their prompts are in
// the model's own behaviors.json, under contrasts.
func (c *check) casePairs() {
	for _, name := range c.doc.tensors.Names() {
		kind, of, _ := strings.Cut(name, "/")
		pairs, ok := c.doc.pairs[of]
		if !ok || (kind != "contrast" && kind != "control") || c.ctx.Err() != nil {
			continue
		}
		d, set := c.at(name), steer.NewPairs(pairs...)
		want, got := c.doc.tensor(name), array{}
		if kind == "control" {
			got = vectorOf(c.model.ControlVector(set).Run(c.ctx))
		} else {
			s, err := c.model.Contrast(set).Run(c.ctx)
			if got.err = err; err == nil {
				got.shape, got.data = []int{s.Shape().Layers, s.Shape().Neurons}, s.Dense().Data
			}
		}
		d.relative(kind, want, got, c.tolerance("otherRelativeToLargest"))
	}
}

// pairsBeside reads the pairs of behaviors.json in a folder of golden cases or in the one above it; none where there is no
// such file.
func pairsBeside(dir string) (map[string][]steer.Pair, error) {
	for _, d := range []string{dir, filepath.Dir(filepath.Clean(dir))} {
		for _, name := range []string{"behaviors.json", "behaviours.json"} {
			path := filepath.Join(d, name)
			b, err := readBounded(path, maxManifest)
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			var file struct {
				Contrasts map[string][]steer.Pair `json:"contrasts"`
			}
			if err == nil {
				err = json.Unmarshal(b, &file)
			}
			if err != nil {
				return nil, engine.Errorf(engine.BadFile, path, "%v", err).Try("copy or download the file again")
			}
			return file.Contrasts, nil
		}
	}
	return nil, nil
}
