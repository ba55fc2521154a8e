package pagecheck

import (
	"encoding/json"
	"fmt"

	"regexp"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// text is a string that a notebook may write as lines.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	var lines []string
	if json.Unmarshal(b, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	var s string
	err := json.Unmarshal(b, &s)
	*t = text(s)
	return err
}

// notebook is what is looked at of a file.
type notebook struct {
	Cells []struct {
		Type    string `json:"cell_type"`
		Source  text   `json:"source"`
		Outputs []struct {
			Type string                     `json:"output_type"`
			Data map[string]json.RawMessage `json:"data"`
			Name string                     `json:"name"`
			Text text                       `json:"text"`
			Err  string                     `json:"evalue"`
		} `json:"outputs"`
	} `json:"cells"`
}

// Notebook checks the headings of a notebook and all outputs of its cells.
func Notebook(file string) ([]Finding, error) {
	b, err := regular.ReadFile(file, 1<<28)
	if err != nil {
		return nil, err
	}
	return notebookOf(file, b)
}

func notebookOf(file string, b []byte) ([]Finding, error) {
	var n notebook
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, fmt.Errorf("%s is no notebook: %w", file, err)
	}
	r := &report{file: file}
	var hs []heading
	for i, c := range n.Cells {
		if c.Type == "markdown" {
			for range noWords.FindAllString(string(c.Source), -1) {
				r.output = fmt.Sprintf("cell %d", i+1)
				r.addf("alt", "a picture without words: ![](…)")
			}
			hs = append(hs, markdownHeadings(string(c.Source))...)
		}
	}
	r.output = ""
	if len(hs) > 0 {
		r.headings(hs, true)
	}
	for i, c := range n.Cells {
		for j, o := range c.Outputs {
			where := func(mime string) { r.output = fmt.Sprintf("cell %d, output %d (%s)", i+1, j+1, mime) }
			switch o.Type {
			case "stream":
				where(o.Name)
				r.reads("text", string(o.Text))
			case "error":
				where("error")
				r.reads("text", o.Err)
			}
			forms := map[string]text{}
			for mime, raw := range o.Data {
				var t text
				if json.Unmarshal(raw, &t) == nil {
					forms[mime] = t
				}
			}
			if s, ok := forms["text/plain"]; ok {
				where("text/plain")
				r.reads("text", string(s))
			}
			if s, ok := forms["text/html"]; ok {
				where("text/html")
				r.fragment(string(s))
			} else {
				for _, mime := range []string{"image/png", "image/jpeg", "image/svg+xml"} {
					if _, ok := forms[mime]; ok {
						where(mime)
						r.addf("alt", "a picture without HTML beside it, which alone can have words on the image")
					}
				}
			}
		}
	}
	return r.found, nil
}

var (
	fence   = regexp.MustCompile("(?ms)^(```|~~~).*?^(```|~~~)\\s*$")
	noWords = regexp.MustCompile(`!\[\s*\]\(`)
	atxHead = regexp.MustCompile(`(?m)^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$`)
)

func markdownHeadings(s string) (out []heading) {
	for _, m := range atxHead.FindAllStringSubmatch(fence.ReplaceAllString(s, ""), -1) {
		out = append(out, heading{len(m[1]), short(m[2])})
	}
	return out
}
