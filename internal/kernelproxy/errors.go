package kernelproxy

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// A failure is the content of an error message and, with a status, of the reply to its cell.
type failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
	Status    string   `json:"status,omitempty"`
	Count     int      `json:"execution_count,omitempty"`
}

// A fault is one line of the compiler's.
type fault struct {
	cell, line int    // where, cell by its number in the notebook; 0: unknown
	source     string // the line
	column     int    // in it, in bytes, from 1
	text       string // what the compiler says
}

var (
	// located is a line of the compiler's about the program that GoNB has made of the cells.
	located = regexp.MustCompile(`^.*\bmain(?:_test)?\.go:(\d+):(\d+): (.+)$`)
	// place is what GoNB puts before the lines of a cell that a fault is in.
	place = regexp.MustCompile(`^Cell(?:\[(\d+)\]:)? Line (\d+)$`)
	// folders are paths of GoNB's that mean nothing to people.
	folders = regexp.MustCompile(`\S*/gonb_[0-9a-f]+/`)
)

// faults takes GoNB's error apart: a line of the value and an entry of the traceback belong together. none: it is of
// another kind.
func faults(f failure) (out []fault) {
	for i, line := range strings.Split(f.Value, "\n") {
		m := located.FindStringSubmatch(line)
		if m == nil {
			if len(out) > 0 && strings.HasPrefix(line, "\t") { // it goes on
				out[len(out)-1].text += "\n" + line
			}
			continue
		}
		column, _ := strconv.Atoi(m[2])
		x := fault{column: column, text: m[3]}
		if i < len(f.Traceback) {
			x.place(f.Traceback[i])
		}
		out = append(out, x)
	}
	return out
}

// place reads the entry of a traceback: the cell and the line, then the source with a caret below the line.
func (x *fault) place(entry string) {
	lines := strings.Split(entry, "\n")
	if m := place.FindStringSubmatch(lines[0]); m != nil {
		x.cell, _ = strconv.Atoi(m[1])
		x.line, _ = strconv.Atoi(m[2])
	}
	for i, l := range lines {
		if i > 0 && strings.TrimSpace(l) == "^" && len(l) == x.column {
			x.source = lines[i-1]
			return
		}
	}
}

// mostFaults is how many faults of a cell are shown: who has mended these sees the next.
const mostFaults = 8

// explained is GoNB's error as people read it, and its faults; none where it is of another kind. count is the number of the
// cell that failed; h and n are what hints know.
func explained(f failure, count int, h history, n func() names) (failure, []fault) {
	all := faults(f)
	if len(all) == 0 {
		for i, t := range f.Traceback {
			f.Traceback[i] = folders.ReplaceAllString(t, "")
		}
		f.Value = folders.ReplaceAllString(f.Value, "")
		return f, nil
	}
	var b strings.Builder
	said := map[string]bool{}
	for i, x := range all[:min(len(all), mostFaults)] {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(x.where(count))
		if x.source != "" {
			source := strings.TrimLeft(x.source, " \t")
			cut := len(x.source) - len(source)
			b.WriteString("    " + strings.TrimRight(source, " \t") + "\n")
			if x.column > cut && x.column-1 <= len(x.source) {
				b.WriteString("    " + blank(x.source[cut:x.column-1]) + "^\n")
			}
		}
		b.WriteString("\x1b[1m" + x.text + "\x1b[0m\n")
		if hint := hintFor(x, h, n); hint != "" && !said[hint] {
			said[hint] = true
			b.WriteString("→ " + hint + "\n")
		}
	}
	if more := len(all) - mostFaults; more > 0 {
		b.WriteString("\nand " + strconv.Itoa(more) + " more\n")
	}
	f.Name, f.Value, f.Traceback = "does not compile", strings.TrimSuffix(all[0].where(count), "\n")+": "+all[0].text, []string{strings.TrimSuffix(b.String(), "\n")}
	return f, all
}

// where says in words where a fault is.
func (x *fault) where(count int) string {
	switch {
	case x.line == 0:
		return ""
	case x.cell != 0 && x.cell != count:
		return "line " + strconv.Itoa(x.line) + " of cell [" + strconv.Itoa(x.cell) + "]\n"
	}
	return "line " + strconv.Itoa(x.line) + "\n"
}

// blank returns spaces, and tabs where s has them, so that what follows stands below what follows s.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, s)
}

// look is told what GoNB publishes and returns what Jupyter gets, nil for what is kept back: the end of a cell that does not
// compile is told once its declarations are saved.
func (p *proxy) look(m *jupyter.Message) *jupyter.Message {
	switch m.Header.Type {
	case "execute_input", "error", "status", "stream":
	default:
		return m
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.cells[m.Parent.ID]
	if c == nil {
		return m
	}
	var x struct {
		State string `json:"execution_state"`
		Text  string `json:"text"`
		failure
	}
	if m.Read(&x) != nil {
		return m
	}
	switch m.Header.Type {
	case "stream":
		c.address = c.address || address.MatchString(x.Text)
	case "execute_input":
		c.count = x.Count
	case "error":
		f, at := explained(x.failure, c.count, p.history, p.names)
		_ = m.Change(f)
		if len(at) > 0 {
			c.faults, c.shown = at, m
			return nil
		}
	case "status":
		if x.State != "idle" {
			return m
		}
		if !c.idle {
			close(c.quiet)
		}
		p.over(c, &c.idle)
		if c.address && c.shown == nil {
			if text := p.names().uncalled(c.code); text != "" {
				p.front.Publish(c.request.Answer("stream", map[string]any{"name": "stderr", "text": "→ " + text + "\n"}))
			}
		}
		if c.shown != nil {
			c.last = m
			return nil
		}
	}
	return m
}

// explain makes the reply to a cell that failed say what was shown. broken: it does not compile.
func (p *proxy) explain(m *jupyter.Message) (broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var f failure
	if m.Read(&f) != nil {
		return false
	}
	f, at := explained(f, f.Count, p.history, p.names)
	_ = m.Change(f)
	return len(at) > 0
}

// tell shows the error of a cell that does not compile, with what was kept of it, and ends the cell.
func (p *proxy) tell(c *cell, kept []string) {
	for _, m := range []*jupyter.Message{c.shown, c.reply} {
		var f failure
		if m != nil && len(kept) > 0 && m.Read(&f) == nil && len(f.Traceback) > 0 {
			f.Traceback[0] += "\n\ndeclared all the same: " + strings.Join(kept, ", ")
			_ = m.Change(f)
		}
	}
	if c.shown != nil {
		p.front.Publish(c.shown)
	}
	p.front.Send(jupyter.Shell, c.reply)
	if c.last != nil {
		p.front.Publish(c.last)
	}
}
