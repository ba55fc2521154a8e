package journal

import (
	"encoding/json"
	"testing"
)

// FuzzReadOrigin: whatever stands beside an output is an origin that is written again as it was read, or a mistake.
func FuzzReadOrigin(f *testing.F) {
	s := Source{Ref: "a", Model: "teaching", Kind: "predict", Version: 1, Settings: `{"prompt":"x"}`}
	for _, o := range []Origin{{Version: Version, Type: "Prediction", Sources: []Source{s, s.Brief()}}, Origin{Version: Version, Circuit: &Circuit{Name: "c", Units: []string{"L0/N1"}}, Sources: []Source{s}}.Pack()} {
		b, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"version":1,"packed":"eNo="}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := ReadOrigin(b)
		if err != nil {
			return
		}
		m, err := o.Metadata()
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadOrigin(again); err != nil {
			t.Fatalf("%s, written again %s: %v", b, again, err)
		}
		_ = o.Altered(map[string][]byte{"text/plain": b})
	})
}
