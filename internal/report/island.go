package report

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
)

// An Island is what a page says of itself for programs: its outputs with the digests of what they show, and the results.
type Island struct {
	Version int              `json:"version"`
	Page    string           `json:"page"` // digest of the page around its outputs, and of their texts here
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

// Shown returns a form of an output as it stands in a page: pictures as bytes, text as text. ok is false where it is missing.
func Shown(page, id, kind string) (b []byte, ok bool) {
	begin, end := marks(id, kind)
	_, rest, ok := strings.Cut(page, begin)
	if !ok && kind == "text/plain" { // the words of a picture
		picture, _ := marks(id, "image/")
		_, rest, ok = strings.Cut(page, strings.TrimSuffix(picture, "-->"))
		_, rest, _ = strings.Cut(rest, `alt="`)
		end = `"`
	}
	text, _, closed := strings.Cut(rest, end)
	switch {
	case !ok || !closed:
		return nil, false
	case strings.HasPrefix(kind, "image/"):
		_, data, _ := strings.Cut(text, ";base64,")
		data, _, _ = strings.Cut(data, `"`)
		b, err := base64.StdEncoding.DecodeString(data)
		return b, err == nil
	case kind == "text/plain":
		return []byte(html.UnescapeString(text)), true
	}
	return []byte(text), true
}

// Around returns the digest of what stands around the outputs of a page, from its title to the island, and of their texts in it.
func Around(page string, outputs []IslandOutput) string {
	page, _, _ = strings.Cut(page, `<script type="application/json" id="`+IslandID)
	var b strings.Builder
	for _, o := range outputs {
		before, rest, ok := strings.Cut(page, "<!--shown "+o.ID+" ")
		if !ok {
			continue
		}
		b.WriteString(before)
		if _, end := marks(o.ID, ""); strings.Contains(rest, end) {
			_, rest, _ = strings.Cut(rest, end)
		}
		page = rest
	}
	b.WriteString(page)
	for _, o := range outputs {
		b.WriteString("\x00" + o.Text)
	}
	return digest(b.String())
}

// Text returns the text of HTML, with a line for each line and each row, without what is there for the eye alone.
func Text(fragment string) string {
	var b strings.Builder
	for _, p := range parts(fragment) {
		if p.table == nil {
			b.WriteString(p.line + "\n")
			continue
		}
		for _, row := range append([][]string{{p.table.caption}, p.table.heads}, p.table.rows...) {
			b.WriteString(strings.Join(row, "  ") + "\n")
		}
	}
	return b.String()
}

// island returns the island of a page as JSON that may stand in HTML.
func (r *Report) island(page string, outputs []IslandOutput) (string, error) {
	packed := make([]journal.Source, len(r.Sources))
	for i, s := range r.Sources {
		packed[i] = s.Pack()
	}
	b, err := json.Marshal(Island{Version: journal.Version, Page: Around(page, outputs), Outputs: outputs, Sources: packed}) // < is written as \u003c
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
