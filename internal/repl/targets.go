package repl

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

var neuronSpec = regexp.MustCompile(`^L(\d+)/N(\d+)$`)

// target reads what ablate and amplify act on: "L23/N8079", "top10", "all" or nothing. It says what is wrong itself.
func (s *Session) target(spec, action string) (steer.Circuit, bool) {
	if spec == "" || spec == "all" {
		return s.circuit, true
	}
	if n, ok := strings.CutPrefix(spec, "top"); ok {
		k, err := strconv.Atoi(n)
		if err != nil || k < 1 {
			s.say("Usage: %s top<N>, e.g. %s top10", action, action)
			return steer.Circuit{}, false
		}
		return s.circuit.Top(k), true
	}
	m := neuronSpec.FindStringSubmatch(spec)
	if m == nil {
		s.say("Unknown target %q. Use: L<layer>/N<neuron>, top<N>, or all", spec)
		return steer.Circuit{}, false
	}
	layer, lerr := strconv.Atoi(m[1])
	index, ierr := strconv.Atoi(m[2])
	one := s.circuit.Intersect(steer.NewCircuit(spec, steer.Neuron{Layer: layer, Index: index}))
	if lerr != nil || ierr != nil || one.Len() == 0 {
		s.say("Neuron %s not in current circuit.", spec)
		return steer.Circuit{}, false
	}
	return one.Named(spec), true
}

// namedAtOnce is how many neurons are named where a command changes many.
const namedAtOnce = 5

// named says which neurons a command changes, the strongest first.
func (s *Session) named(c steer.Circuit) string {
	var names []string
	for _, e := range c.Top(namedAtOnce).Entries() {
		names = append(names, e.Neuron.String())
	}
	list := strings.Join(names, ", ")
	n, all := c.Len(), s.circuit.Len()
	switch {
	case n > namedAtOnce && n == all:
		return fmt.Sprintf("all %d neurons of the circuit: %s, …", n, list)
	case n > namedAtOnce:
		return fmt.Sprintf("%d of the circuit's %d neurons: %s, …", n, all, list)
	case n == all:
		return fmt.Sprintf("%s (the whole circuit)", list)
	}
	return fmt.Sprintf("%s (%d of the circuit's %d neurons)", list, n, all)
}

// count reads a positive number, or gives what stands for none.
func count(args string, none int) (int, bool) {
	args = strings.TrimSpace(args)
	if args == "" {
		return none, true
	}
	k, err := strconv.Atoi(args)
	return k, err == nil && k > 0
}
