package engine

import (
	"errors"
	"math"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestForeignIDs: every call refuses an id outside the vocabulary, whatever it is the id of.
func TestForeignIDs(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := prompts(e.cfg, 4)
	attribute := func(in seam.Attribution) error {
		in.Rule = seam.RelP
		_, err := e.Attribute(t.Context(), in, nil)
		return err
	}
	for name, call := range map[string]func(id int32) error{
		"forward": func(id int32) error {
			_, err := e.Forward(t.Context(), seam.Forward{IDs: [][]int32{{1}, {1, id}}}, nil)
			return err
		},
		"variants": func(id int32) error {
			return e.Variants(t.Context(), [][]int32{{1}, {id, 1}}, []*seam.Edit{nil}, nil, func(int, int, []float32) error { return nil }, nil)
		},
		"attribute": func(id int32) error {
			in := [][]int32{{1, id, 1}}
			return attribute(seam.Attribution{IDs: in, Terms: lastTerm(in)})
		},
		"target": func(id int32) error {
			return attribute(seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: id, Versus: -1}}}})
		},
		"versus": func(id int32) error {
			if id == -1 { // none
				id--
			}
			return attribute(seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: 1, Versus: id}}}})
		},
		"answer": func(id int32) error {
			return attribute(seam.Attribution{IDs: ids, Terms: [][]seam.Term{{{Target: id, Versus: -1}}}, LogProb: true})
		},
		"decode": func(id int32) error {
			_, err := e.Decode(t.Context(), seam.Decoding{IDs: []int32{id}})
			return err
		},
		"step": func(id int32) error {
			d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids[0]})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			return d.Step(t.Context(), id)
		},
	} {
		for _, id := range []int32{-1, int32(e.cfg.Vocab), math.MaxInt32, math.MinInt32} {
			if err := call(id); !errors.Is(err, seam.BadSetting) {
				t.Errorf("%s with id %d: %v", name, id, err)
			}
		}
	}
}
