package gonbext

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/resident"
)

// kept is where what this cell shows is kept for a report. It is for a notebook's session alone, and nothing depends on it:
// where it cannot be written, the cell shows what it shows.
type kept struct {
	once sync.Once
	w    *journal.Writer
}

// sessionJournal returns the journal of the notebook's session; ok is false outside of one.
func sessionJournal() (j journal.Journal, ok bool) {
	if os.Getenv("GONB_TMP_DIR") == "" {
		return j, false
	}
	s, err := resident.Here()
	if err != nil {
		return j, false
	}
	return journal.Journal{Folder: filepath.Join(s.Folder, "journal")}, true
}

// keeps reports whether there is a journal.
func (p *process) keeps() bool { _, ok := sessionJournal(); return ok }

// keep gives an output its origin and keeps it for a report of the session.
func (p *process) keep(x any, b bundle, at site) bundle {
	b.origin = p.originOf(x, b)
	p.kept.begin(at)
	p.kept.add(b)
	return b
}

// begin forgets what this cell showed when it was run before.
func (k *kept) begin(at site) {
	k.once.Do(func() {
		j, ok := sessionJournal()
		if !ok {
			return
		}
		c := journal.Cell{Code: at.cell(), First: time.Now()}
		c.Key = c.Code
		if r, ok := journal.ReadRunning(os.Getenv("GONB_TMP_DIR")); ok {
			c.Code, c.Key = r.Code, cmp.Or(r.ID, r.Code)
		}
		w, err := j.Begin(c)
		if err == nil {
			k.w = w
		}
	})
}

// add keeps an output.
func (k *kept) add(b bundle) {
	if k.w == nil {
		return
	}
	if b.still != "" {
		b.html = b.still
	}
	if b.png != nil {
		b.html = "" // the same picture again
	}
	_ = k.w.Add(journal.Entry{HTML: b.html, Text: b.text, PNG: b.png, SVG: b.svg, Width: b.width, Origin: *b.origin})
}

// cell returns what the cell runs: the body of main in the file that the kernel has made of it, without what the kernel
// itself puts there. It is empty where that cannot be read.
func (s site) cell() string {
	b, err := regular.ReadFile(s.file, 16<<20)
	if err != nil {
		return ""
	}
	_, body, ok := strings.Cut("\n"+string(b), "\nfunc main() {\n")
	if !ok {
		return ""
	}
	body, _, _ = strings.Cut(body, "\n}\n")
	body = strings.TrimPrefix(body, "\tflag.Parse()\n")
	return strings.TrimSpace(strings.ReplaceAll("\n"+body, "\n\t", "\n"))
}
