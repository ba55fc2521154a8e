package measure

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// A Row is one figure of ours and, where there is one, the figure beside it: each measured once or several times, in turn.
type Row struct {
	What   string    `json:"what"`
	Unit   string    `json:"unit"`
	Ours   []float64 `json:"ours"`
	Beside string    `json:"beside,omitempty"` // what the other figure is of
	Theirs []float64 `json:"theirs,omitempty"`
}

// Print writes the rows as a table: medians, in brackets the least and the most of several, and the ratio of the medians.
func Print(w io.Writer, title string, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s; median [least–most]\n\tneuronsteer\tbeside it\t\tratio\n", title)
	for _, r := range rows {
		fmt.Fprintf(t, "%s, %s\t%s\t%s\t%s\t%s\n", r.What, r.Unit, spread(r.Ours), r.Beside, spread(r.Theirs), r.ratio())
	}
	return t.Flush()
}

// ratio returns that of the medians, or nothing where nothing stands beside ours.
func (r Row) ratio() string {
	if len(r.Ours) == 0 || len(r.Theirs) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", Median(r.Ours)/Median(r.Theirs))
}

// Median returns the middle of the values, or the mean of the two in the middle; 0 of none.
func Median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if len(v) == 0 {
		return 0
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// Spread returns the least and the most; zeros of none.
func Spread(v []float64) (least, most float64) {
	if len(v) == 0 {
		return 0, 0
	}
	return slices.Min(v), slices.Max(v)
}

func spread(v []float64) string {
	switch len(v) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%.3g", v[0])
	}
	least, most := Spread(v)
	return fmt.Sprintf("%.3g [%.3g–%.3g]", Median(v), least, most)
}

// Markdown writes the rows as a table of a document.
func Markdown(w io.Writer, rows []Row) error {
	if _, err := fmt.Fprint(w, "| what | neuronsteer | beside it | | ratio |\n|---|---|---|---|---|\n"); err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := fmt.Fprintf(w, "| %s, %s | %s | %s | %s | %s |\n", r.What, r.Unit, spread(r.Ours), r.Beside, spread(r.Theirs), r.ratio()); err != nil {
			return err
		}
	}
	return nil
}
