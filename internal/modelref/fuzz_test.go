package modelref

import (
	"encoding/json"
	"path"
	"slices"
	"testing"
	"testing/fstest"
)

// FuzzFindWeights: whatever an index says, the files that it leads to are plain names that are there.
func FuzzFindWeights(f *testing.F) {
	f.Add([]byte(`{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}`))
	f.Add([]byte(`{"weight_map":{"a":"../one.safetensors"}}`))
	f.Add([]byte("\xef\xbb\xbf" + `{"weight_map":{"":""}}`))
	f.Fuzz(func(t *testing.T, index []byte) {
		fsys := fstest.MapFS{weightsIndex: {Data: index}, "one.safetensors": {}, "two.safetensors": {}}
		w, err := FindWeights(fsys)
		if err != nil {
			return
		}
		for _, name := range w.Files {
			if _, ok := fsys[name]; !ok || path.Base(name) != name {
				t.Fatalf("%q is no file of the folder", name)
			}
		}
		for tensor, name := range w.Map {
			if !slices.Contains(w.Files, name) {
				t.Fatalf("tensor %q is in %q, which is not in %q", tensor, name, w.Files)
			}
		}
	})
}

// FuzzSidecar: only what is remembered of this very state is believed, whatever else the file says.
func FuzzSidecar(f *testing.F) {
	want := sidecar{Path: "/m.gguf", state: state{Size: 1, Time: 2, Changed: 3, Inode: 4}}
	good := want
	good.SHA256 = "0000000000000000000000000000000000000000000000000000000000000000"
	b, err := json.Marshal(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"path":"/m.gguf","size":1,"time":2,"changed":9,"inode":4,"sha256":"00"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum, ok := want.believed(b)
		if !ok {
			return
		}
		var got sidecar
		if err := json.Unmarshal(b, &got); err != nil || got.state != want.state || got.Path != want.Path || got.SHA256 != sum || len(sum) != 64 {
			t.Fatalf("%s is believed: %q, %v", b, sum, err)
		}
	})
}
