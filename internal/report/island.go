package report

import (
	"encoding/json"

	"github.com/neuronsteer/neuronsteer/internal/journal"
)

// An Island is what a page says of itself for programs: its outputs with the digests of what they show, and the results.
type Island struct {
	Version int              `json:"version"`
	Outputs []IslandOutput   `json:"outputs"`
	Sources []journal.Source `json:"sources"`
}

// An IslandOutput is one output of the page. Its sources are named; they stand in the island's own list.
type IslandOutput struct {
	ID     string         `json:"id"`
	Text   string         `json:"text"` // the same facts as text
	Origin journal.Origin `json:"origin"`
}

// IslandID is that of the element which holds the island.
const IslandID = "neuronsteer"

// marks begin and end an output in the page, so that its bytes can be found again.
func marks(id, kind string) (begin, end string) {
	return "<!--shown " + id + " " + kind + "-->", "<!--end " + id + "-->"
}

// island returns the island of a page as JSON that may stand in HTML.
func (r *Report) island(outputs []IslandOutput) (string, error) {
	b, err := json.Marshal(Island{Version: journal.Version, Outputs: outputs, Sources: r.Sources}) // < is written as \u003c
	return string(b), err
}

// recorded is what the island says of an output that shows these forms.
func recorded(id string, o *Output, shown map[string][]byte) IslandOutput {
	origin := o.Origin
	origin.Version, origin.Sources, origin.Shown = journal.Version, nil, journal.Digests(shown)
	for _, s := range o.Origin.Sources {
		s.Model = base(s.Model)
		origin.Sources = append(origin.Sources, s.Brief())
	}
	return IslandOutput{ID: id, Text: o.Text, Origin: origin}
}

func digest(s string) string { return journal.Digest([]byte(s)) }
