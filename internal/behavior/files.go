package behavior

import (
	"path"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Files returns every file that this package writes below testdata, by its path there. teaching is the contents of the
// teaching model's behaviors.json.
func Files(teaching []byte) (map[string][]byte, error) {
	behaviors, contrasts, err := Teaching(teaching)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for dir, sets := range map[string][]Set{"": Generated(), "teaching/behaviors": slices.Concat(behaviors, contrasts)} {
		for _, s := range sets {
			if err := s.files(dir, files); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// files adds the set's examples as NAME.jsonl and its pairs as NAME-pairs.jsonl.
func (s Set) files(dir string, files map[string][]byte) error {
	put := func(name string, lines []byte, err error) error {
		if err == nil && len(lines) > 0 {
			files[path.Join(dir, name+".jsonl")] = lines
		}
		return err
	}
	examples, err := Lines[steer.Example](s.Examples)
	if err := put(s.Name, examples, err); err != nil {
		return err
	}
	pairs, err := Lines[steer.Pair](s.Pairs)
	return put(s.Name+"-pairs", pairs, err)
}
