package message

import (
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ExampleName names one of the examples of a task for people.
func ExampleName(i int) string { return fmt.Sprintf("example %d", i+1) }

// mostMistakes is how many mistakes of a list are told apart; a wrong file would fill a screen otherwise.
const mostMistakes = 8

// Mistakes collects what is wrong with the items of a list.
type Mistakes struct {
	list []error
	more int
}

// Add notes what is wrong with one item; name says which, e.g. "pair 3, positive".
func (m *Mistakes) Add(name string, err error) {
	for _, e := range engine.Mistakes(err) {
		if len(m.list) >= mostMistakes {
			m.more++
			continue
		}
		f := *e
		f.Text = name + ": " + f.Text
		m.list = append(m.list, &f)
	}
}

// Join returns what was noted, or nil.
func (m *Mistakes) Join() error {
	if m.more > 0 {
		last := *engine.Mistakes(m.list[len(m.list)-1])[0]
		last.Text += fmt.Sprintf(" (and %d more mistakes)", m.more)
		m.list[len(m.list)-1] = &last
		m.more = 0
	}
	return errors.Join(m.list...)
}

// Nth names one of the prompts or texts of a sweep.
func Nth(what string, i int) string { return fmt.Sprintf("%s %d", what, i+1) }
