package steer

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestHeadsOfTheirOwnFormat: a file of the first format has no heads, also where its hash is right.
func TestHeadsOfTheirOwnFormat(t *testing.T) {
	shape := Shape{Layers: 2, Neurons: 3, Heads: 2}
	for format, says := range map[int]string{circuitFormat: "is an attention head, of which a file of format 1 has none", headsFormat: ""} {
		f := circuitFile{Format: format, Shape: shape, Entries: []Entry{{Neuron{Layer: 1, Index: 1, Head: true}, -1, .5}}}
		err := f.check("x.json")
		if says == "" && err != nil || says != "" && (!errors.Is(err, engine.BadFile) || !strings.Contains(err.Error(), says)) {
			t.Errorf("format %d: %v", format, err)
		}
	}
	outside := circuitFile{Format: headsFormat, Shape: shape, Entries: []Entry{{Neuron{Layer: 1, Index: 2, Head: true}, -1, .5}}}
	if err := outside.check("x.json"); !errors.Is(err, engine.BadFile) || !strings.Contains(err.Error(), "L1/H2") {
		t.Errorf("a head that no layer has: %v", err)
	}
}
