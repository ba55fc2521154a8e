package engine

import (
	"fmt"
	"strings"
)

// Site says which numbers of a model are meant: what a pass captures, what a vector is a direction of. Values add up where
// several can be meant: Residual | MLP.
type Site uint16 // not bytes, which fmt would write as one string

// The sites, in the order in which a layer computes them, but for Heads, which come before Neurons. As text each is its name in lower case.
const (
	Embedding Site = 1 << iota // the entry of the residual stream [T,D]
	Attention                  // attention patterns [L,H,T,T]: rows are queries, columns keys
	Neurons                    // h, the input of each down_proj, after an edit [L,T,F]
	MLP                        // the output of each MLP, its vector included [L,T,D]
	Residual                   // the residual stream after each layer, vectors included [L,T,D]
	Logits                     // logits at every position [T,V]
	Heads                      // z, the input of each o_proj, after an edit: the heads' outputs of C channels [L,T,H·C]
)

var siteNames = map[Site]string{
	Embedding: "embedding", Attention: "attention", Neurons: "neurons", MLP: "mlp", Residual: "residual", Logits: "logits", Heads: "heads",
}

// ParseSite returns the one site of this name.
func ParseSite(name string) (Site, bool) {
	for s, n := range siteNames {
		if n == name {
			return s, true
		}
	}
	return 0, false
}

// String returns the site's name; several are joined by a plus sign.
func (s Site) String() string {
	var names []string
	for one := Embedding; one <= Heads; one <<= 1 {
		if s&one != 0 {
			names = append(names, siteNames[one])
		}
	}
	if rest := s &^ (Heads<<1 - 1); rest != 0 || s == 0 {
		names = append(names, fmt.Sprintf("Site(%d)", uint16(rest)))
	}
	return strings.Join(names, "+")
}

// MarshalText writes the site's name. Several sites, or none, are an error: they are listed one by one.
func (s Site) MarshalText() ([]byte, error) {
	if n, ok := siteNames[s]; ok {
		return []byte(n), nil
	}
	return nil, fmt.Errorf("%v is not one site", s)
}

// UnmarshalText reads a site's name.
func (s *Site) UnmarshalText(b []byte) error {
	one, ok := ParseSite(string(b))
	if !ok {
		return fmt.Errorf("unknown site %q", b)
	}
	*s = one
	return nil
}

// Width returns the numbers that a layer has at a site of vectors: F of Neurons, H·C of Heads, D of Residual and MLP.
func (s Site) Width(shape Shape) int {
	switch s {
	case Neurons:
		return shape.Neurons
	case Heads:
		return shape.Heads * shape.HeadDim
	}
	return shape.Width
}
