package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Key is the place of an Origin in the metadata of an output.
const Key = "neuronsteer"

// Version is that of the form of an Origin.
const Version = 1

// An Origin is where an output came from.
type Origin struct {
	Version int               `json:"version"`
	Type    string            `json:"type,omitempty"`    // what was shown, by the name of its Go type without the package, e.g. "Scores"
	Shown   map[string]string `json:"shown"`             // the digest of each form, by its MIME type
	Sources []Source          `json:"sources,omitempty"` // in the order in which they were first used
	Packed  string            `json:"packed,omitempty"`  // long sources, in the metadata of an output; see Unpack
	Circuit *Circuit          `json:"circuit,omitempty"` // the circuit, where one is shown
}

// A Circuit is the units of a circuit by their names, e.g. "L5/N298".
type Circuit struct {
	Name  string   `json:"name,omitempty"`
	Units []string `json:"units"`
}

// Digest returns the first 16 hexadecimal digits of the SHA-256 of what is shown.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Digests returns the digest of each form of an output, by MIME type. Line breaks at the end, which files of notebooks gain
// and lose, count for none.
func Digests(forms map[string][]byte) map[string]string {
	out := map[string]string{}
	for kind, b := range forms {
		out[kind] = Digest(bytes.TrimRight(b, "\n"))
	}
	return out
}

// Metadata returns the origin as maps, lists, strings and numbers: what the kernel's wire can carry. There is no null in
// it, which that wire cannot. Long sources are packed.
func (o Origin) Metadata() (map[string]any, error) {
	b, err := json.Marshal(o.Pack())
	if err != nil {
		return nil, err
	}
	var m map[string]any
	return m, json.Unmarshal(b, &m)
}

// ReadOrigin reads the metadata of an output.
func ReadOrigin(b []byte) (Origin, error) {
	var o Origin
	if err := json.Unmarshal(b, &o); err != nil {
		return o, fmt.Errorf("the metadata %q cannot be read: %w", Key, err)
	}
	if o.Version != Version {
		return o, fmt.Errorf("the metadata %q are of version %d, this program reads %d", Key, o.Version, Version)
	}
	return o.Unpack()
}

// Altered returns the MIME types of the forms that are not what was shown, in order: changed, lost or added.
func (o Origin) Altered(forms map[string][]byte) []string {
	seen := Digests(forms)
	all := maps.Clone(seen)
	maps.Copy(all, o.Shown) // which a stranger's notebook may leave out
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(kind string) bool { return seen[kind] == o.Shown[kind] })
}
