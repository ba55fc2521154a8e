package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// layers keeps the circuit's units of some layers.
func (s *Session) layers(_ context.Context, args string) error {
	var of []int
	for w := range strings.FieldsSeq(args) {
		l, ok := layer(w)
		if !ok {
			return s.usage("layers", "%q is no layer", w)
		}
		of = append(of, l)
	}
	if len(of) == 0 || len(of) > 2 || of[len(of)-1] < of[0] {
		return s.usage("layers", "")
	}
	if !s.has() {
		return nil
	}
	var in []steer.Neuron
	for _, n := range s.circuit.Neurons() {
		if n.Layer >= of[0] && n.Layer <= of[len(of)-1] {
			in = append(in, n)
		}
	}
	return s.keep(fmt.Sprintf("layers %d to %d", of[0], of[len(of)-1]), in, "The circuit has nothing in these layers, and stays as it is. Its layers: info")
}

// keep narrows the circuit to some of its units; where that leaves none, it says so and changes nothing.
func (s *Session) keep(name string, units []steer.Neuron, none string) error {
	if len(units) == 0 {
		s.say("%s", none)
		return nil
	}
	s.circuit = s.circuit.Intersect(steer.NewCircuit(name, units...))
	s.describe()
	return nil
}

// layer reads "3" or "L3".
func layer(w string) (int, bool) {
	l, err := strconv.Atoi(strings.TrimPrefix(w, "L"))
	return l, err == nil && l >= 0
}

// universal leaves the neurons that are always active out of the circuit.
func (s *Session) universal(ctx context.Context, args string) error {
	if args = strings.TrimSpace(args); args != "" {
		return s.usage("universal", "%q means nothing here", args)
	}
	if !s.has() {
		return nil
	}
	set, err := compute(ctx, s, s.o.Model.Universal(), nil)
	if err != nil {
		return err
	}
	var rest []steer.Neuron
	all := s.circuit.Neurons()
	for _, n := range all {
		if !set.Has(n) {
			rest = append(rest, n)
		}
	}
	s.say("\n%d neurons of the model are active whatever the text, %d of them in the circuit.", set.Len(), len(all)-len(rest))
	s.warn(set.Warnings())
	if len(rest) == len(all) {
		return nil
	}
	return s.keep("not universal", rest, "Without them nothing is left, so the circuit stays as it is.")
}
