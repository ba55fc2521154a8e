package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// list prints a table of the stored results, the last used first.
func list(s *store.Store, out io.Writer) error {
	entries, err := s.List()
	if err != nil {
		return err
	}
	slices.Reverse(entries)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "LAST USED\tSIZE\tRESULT\tTASK\tMODEL\tABOUT")
	for _, e := range entries {
		used, size := e.Used.Local().Format("2006-01-02 15:04"), fmt.Sprintf("%.1f kB", float64(e.Size)/1e3)
		if e.Damaged {
			fmt.Fprintf(t, "%s\t%s\t%s\t\t\tdamaged, and set aside\n", used, size, e.Ref.Short())
			continue
		}
		rec, _, err := store.ReadFile(e.Path())
		if err != nil {
			fmt.Fprintf(t, "%s\t%s\t%s\t\t\tdamaged: %s\n", used, size, e.Ref.Short(), visible.Text(err.Error()))
			continue
		}
		h := rec.Header
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", used, size, e.Ref.Short(), visible.Text(h.Request.Kind), visible.Text(h.Model), about(h.Request.Settings))
	}
	return t.Flush()
}

// said is what most settings have in common, for a line about them.
type said struct {
	Prompt   spoken            `json:"prompt"`
	Text     string            `json:"text"`
	Prompts  []spoken          `json:"prompts"`
	Texts    []spoken          `json:"texts"`
	Examples []spoken          `json:"examples"`
	Pairs    []json.RawMessage `json:"pairs"`
	Edits    []struct {
		Neurons []json.RawMessage `json:"neurons"`
	} `json:"edits"`
	Neurons     []json.RawMessage `json:"neurons"`
	Multipliers []float64         `json:"multipliers"`
}

// spoken is a prompt, however settings spell it: a text, {"text": …}, {"prompt": …}.
type spoken string

// UnmarshalJSON implements json.Unmarshaler. What is no prompt is none.
func (s *spoken) UnmarshalJSON(b []byte) error { //nolint:unparam // the interface has it
	var text string
	if json.Unmarshal(b, &text) == nil {
		*s = spoken(text)
		return nil
	}
	var o struct {
		Text   string `json:"text"`
		Prompt spoken `json:"prompt"`
	}
	if json.Unmarshal(b, &o) == nil {
		*s = spoken(o.Text) + o.Prompt
	}
	return nil
}

// about says in a few words what a request asks about.
func about(settings json.RawMessage) string {
	var s said
	if json.Unmarshal(settings, &s) != nil {
		return ""
	}
	texts := slices.Concat([]spoken{s.Prompt, spoken(s.Text)}, s.Prompts, s.Texts, s.Examples)
	texts = slices.DeleteFunc(texts, func(t spoken) bool { return t == "" })
	var parts []string
	if len(texts) > 0 {
		parts = append(parts, `"`+shortened(string(texts[0]), 40)+`"`)
	}
	if len(texts) > 1 {
		parts = append(parts, fmt.Sprintf("and %d more", len(texts)-1))
	}
	counted := func(n int, of string) {
		if n == 1 {
			parts = append(parts, "1 "+of)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, of))
		}
	}
	counted(len(s.Pairs), "pair")
	counted(len(s.Neurons), "neuron")
	counted(len(s.Multipliers), "multiplier")
	counted(len(s.Edits), "intervention")
	return strings.Join(parts, ", ")
}

// shortened is the beginning of a text, on one line.
func shortened(s string, n int) string {
	rs := []rune(s)
	if len(rs) > n {
		return visible.Text(string(rs[:n])) + "…"
	}
	return visible.Text(s)
}
