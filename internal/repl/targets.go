package repl

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

var neuronSpec = regexp.MustCompile(`^L\d+/[NH]\d+$`)

// target reads what ablate and amplify act on: "L23/N8079", "L5/H3", "top10", "all" or nothing. It says what is wrong itself.
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
		return s.circuit.Top(k).Named(fmt.Sprintf("top%d", k)), true
	}
	if !neuronSpec.MatchString(spec) {
		s.say("Unknown target %q. Use: L<layer>/N<neuron>, L<layer>/H<head>, top<N>, or all", spec)
		return steer.Circuit{}, false
	}
	one := s.circuit.Intersect(steer.Neurons(spec))
	if one.Len() == 0 {
		what := "Neuron"
		if strings.Contains(spec, "H") {
			what = "Head"
		}
		s.say("%s %s not in current circuit.", what, spec)
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
	of := kinds(s.circuit)
	switch {
	case n > namedAtOnce && n == all:
		return fmt.Sprintf("all %d %s of the circuit: %s, …", n, of, list)
	case n > namedAtOnce:
		return fmt.Sprintf("%d of the circuit's %d %s: %s, …", n, all, of, list)
	case n == all:
		return fmt.Sprintf("%s (the whole circuit)", list)
	}
	return fmt.Sprintf("%s (%d of the circuit's %d %s)", list, n, all, of)
}

// kinds says what a circuit holds.
func kinds(c steer.Circuit) string {
	switch c.Heads().Len() {
	case 0:
		return "neurons"
	case c.Len():
		return "heads"
	}
	return "neurons and heads"
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
