package gonbext

import (
	"fmt"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/steer"
)

// used are the results that this process has used, in order. An output comes from those that were used before it was shown:
// a figure does not say of which it was made, but no other can be in it.
type used struct {
	mu      sync.Mutex
	sources []journal.Source
	known   map[string]bool // by address
	told    int             // so many have stood in full in an output
}

// add notes a result. A plan is none: no output is made of it, and the line of progress asks for one beside every long task.
func (u *used) add(rec steer.Record) {
	if _, plan, _ := steer.Planned(rec.Header.Request, rec.Header.Identity, func(steer.Request) bool { return false }); plan {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil {
		u.known = map[string]bool{}
	}
	if ref := rec.Header.Request.Ref(rec.Header.Identity); u.known[ref.String()] || ref == (steer.Ref{}) {
		return
	}
	for _, s := range journal.NewSources(rec) {
		if !u.known[s.Ref] {
			u.known[s.Ref] = true
			u.sources = append(u.sources, s)
		}
	}
}

// list returns the sources of the next output of the cell. What an earlier output has said in full is brief.
func (u *used) list() []journal.Source {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := make([]journal.Source, len(u.sources))
	for i, s := range u.sources {
		if i < u.told {
			s = s.Brief()
		}
		out[i] = s
	}
	u.told = len(out)
	return out
}

// longestCircuit is the number of units up to which an output names those of the circuit that it shows.
const longestCircuit = 256

// originOf says where an output comes from.
func (p *process) originOf(x any, b bundle) *journal.Origin {
	o := &journal.Origin{Version: journal.Version, Type: typeName(x), Shown: journal.Digests(b.forms()), Sources: p.used.list()}
	if c, ok := x.(steer.Circuit); ok && c.Len() <= longestCircuit {
		o.Circuit = &journal.Circuit{Name: c.Name(), Units: []string{}}
		for _, n := range c.Neurons() {
			o.Circuit.Units = append(o.Circuit.Units, n.String())
		}
	}
	return o
}

// typeName is the name of a type without its package.
func typeName(x any) string {
	name := fmt.Sprintf("%T", x)
	return name[strings.LastIndexAny(name, ".*")+1:]
}
