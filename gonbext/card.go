package gonbext

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A card is one output as a document. Everything it means is in its words; looks only help. It is rendered twice, as HTML
// (card_html.go) and as aligned text (card_text.go), so the two never disagree.
type card struct {
	title    []span
	blocks   []block
	warnings []steer.Warning // always shown, last
	failed   bool            // the card of an error
}

// A block is a line of spans, a table, or cards beside one another.
type block struct {
	line   []span
	table  *table
	beside []*card // where the window is narrow, below one another
}

// A table has a caption and one row of heads. The first row of a table without heads is an ordinary one.
type table struct {
	caption string // what the table lists, for whoever jumps from table to table
	heads   []string
	left    []bool // columns of text; the others hold numbers, are aligned to the right and never broken
	names   int    // the column whose cells name their rows
	rows    [][]cell
	more    string // "… 180 more", under the last row
}

type cell []span

// A span is a run of text with one look.
type span struct {
	text string
	look look
}

type look int

const (
	plain look = iota
	muted
	strong
	code    // what can be typed
	token   // a token's text, spaces visible
	marker  // a token that is no text
	support // a bar of a positive number
	oppose  // a bar of a negative number
	amount  // a bar of a share
)

func (c *card) line(ss ...span)               { c.blocks = append(c.blocks, block{line: ss}) }
func (c *card) notef(format string, a ...any) { c.line(span{fmt.Sprintf(format, a...), muted}) }

// put adds a table. One without rows is left out: there is nothing to read in it.
func (c *card) put(caption string, t table) {
	if t.caption = caption; len(t.rows) > 0 {
		c.blocks = append(c.blocks, block{table: &t})
	}
}

func words(format string, a ...any) []span { return []span{{fmt.Sprintf(format, a...), plain}} }
func text(s string) cell                   { return cell{{s, plain}} }
func number(n int) cell                    { return text(strconv.Itoa(n)) }

// signed prints x with its sign and a real minus.
func signed(x float64, digits int) string {
	return strings.Replace(fmt.Sprintf("%+.*f", digits, x), "-", "−", 1)
}

// percent prints a probability so that a small one is not mistaken for none.
func percent(p float64) string {
	switch {
	case p > 0 && p < 5e-5:
		return "< 0.01 %"
	case p >= .0995:
		return fmt.Sprintf("%.1f %%", 100*p)
	}
	return fmt.Sprintf("%.2f %%", 100*p)
}

// barWidth is the length of the longest bar, in characters.
const barWidth = 12

// bar draws |x| out of most with block characters, which survive where styles do not. The number stands beside it.
func bar(x, most float64) string {
	if !(most > 0) || math.IsInf(most, 0) || math.IsNaN(x) {
		return ""
	}
	eighths := int(math.Round(min(math.Abs(x)/most, 1) * barWidth * 8))
	if eighths == 0 && x != 0 {
		eighths = 1
	}
	s := strings.Repeat("█", eighths/8)
	if eighths%8 > 0 {
		s += string([]rune(" ▏▎▍▌▋▊▉")[eighths%8])
	}
	return s
}

// signedBar is the bar of a score.
func signedBar(x, most float64) cell {
	if x < 0 {
		return cell{{bar(x, most), oppose}}
	}
	return cell{{bar(x, most), support}}
}

// count writes 1 neuron, 20 neurons, 3 entries.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	if stem, ok := strings.CutSuffix(of, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, of)
}
