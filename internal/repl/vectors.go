package repl

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// takePairs reads a file of pairs of prompts.
func (s *Session) takePairs(_ context.Context, args string) error {
	switch path := whole(args); path {
	case "":
		if s.pairs.Len() == 0 {
			return s.usage("pairs", "There are no pairs")
		}
	case "off":
		s.pairs = steer.PairSet{}
		s.say("There are no pairs now.")
		return nil
	default:
		set := steer.Pairs(path)
		if ps, err := set.Read(); err != nil {
			return err
		} else if len(ps) == 0 {
			return s.usage("pairs", "%s has no pairs", path)
		}
		s.pairs = set
	}
	s.say("%d pairs.", s.pairs.Len())
	return nil
}

// sides are the pairs, read as the session reads prompts; where there are none, it says what to type.
func (s *Session) sides() (steer.PairSet, bool) {
	ps := s.pairs.All()
	if len(ps) == 0 {
		s.say("Take pairs of prompts first: pairs <file.jsonl>")
		return s.pairs, false
	}
	for i := range ps {
		ps[i].Chat = ps[i].Chat || s.chat
	}
	return steer.NewPairs(ps...), true
}

// contrast takes the neurons that are more active on one side of the pairs as the circuit.
func (s *Session) contrast(ctx context.Context, args string) error {
	k, ok := count(args, circuitSize)
	if !ok {
		return s.usage("contrast", "%q is no number of neurons", strings.TrimSpace(args))
	}
	pairs, ok := s.sides()
	if !ok {
		return nil
	}
	scores, err := compute(ctx, s, s.o.Model.Contrast(pairs), nil)
	if err != nil {
		return err
	}
	s.take(scores, k)
	s.warn(scores.Warnings())
	return nil
}

// takeVector makes a vector of the pairs or reads one from a file, and says how far the pairs agree and what its last layer says.
func (s *Session) takeVector(ctx context.Context, args string) error {
	var v steer.Vector
	var err error
	if path := whole(args); path != "" {
		v, err = s.o.Model.LoadVector(ctx, path)
	} else if s.directed && s.pairs.Len() == 0 {
		v = s.vector
	} else if pairs, ok := s.sides(); ok {
		task := s.o.Model.ControlVector(pairs)
		if s.examples.Len() > 0 {
			task = task.OnExamples(s.test())
		}
		v, err = compute(ctx, s, task, nil)
	} else {
		return nil
	}
	if err != nil {
		return err
	}
	s.vector, s.directed = v, true
	s.say("\nVector: %v", v)
	for _, r := range v.Reliability() {
		s.say("  L%-3d length %.4g, pairs agree by cosine %+.2f [%+.2f, %+.2f], %.0f %% of held-out pairs on its side", r.Layer, v.Norms()[r.Layer], r.Agreement.Value, r.Agreement.Lo, r.Agreement.Hi, 100*r.HeldOut.Value)
		if t := r.Steerability; t.N > 0 {
			s.say("       ×1 moves the difference by %+.2f [%+.2f, %+.2f] logits; %.0f %% [%.0f, %.0f] of %d examples go the other way", t.Value, t.Lo, t.Hi,
				100*r.AntiSteerable.Value, 100*r.AntiSteerable.Lo, 100*r.AntiSteerable.Hi, t.N)
		}
	}
	s.warn(v.Warnings())
	return s.spell(ctx, v)
}

// spell says which tokens the direction of the vector's last layer stands for.
func (s *Session) spell(ctx context.Context, v steer.Vector) error {
	last := s.info.Shape().Layers - 1
	for last >= 0 && !v.Has(last) {
		last--
	}
	if last < 0 || v.Space() == steer.MLPNeurons {
		return nil
	}
	r, err := compute(ctx, s, s.o.Model.Unembed(v.Layer(last)).Top(5), nil)
	if err != nil {
		return err
	}
	var said []string
	for _, t := range r.Top(0) {
		said = append(said, fmt.Sprintf("%q", t.Bytes()))
	}
	s.say("  L%d stands for %s", last, strings.Join(said, " "))
	return nil
}

// aimed reports whether there is a vector, and a prompt where one is needed; where not, it says what to type.
func (s *Session) aimed(prompt bool) bool {
	if prompt && !s.ready(false) {
		return false
	}
	if !s.directed {
		s.say("Take a vector first: pairs <file.jsonl>, then vector; or vector <file>")
	}
	return s.directed
}

// decompose takes the neurons that write the vector as the circuit.
func (s *Session) decompose(ctx context.Context, args string) error {
	k, ok := count(args, circuitSize)
	if !ok {
		return s.usage("decompose", "%q is no number of neurons", strings.TrimSpace(args))
	}
	if !s.aimed(false) {
		return nil
	}
	d, err := compute(ctx, s, s.o.Model.Decompose(s.vector), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", d)
	s.take(d.Scores, k)
	s.warn(d.Warnings())
	return nil
}

// add continues the prompt with the vector added.
func (s *Session) add(ctx context.Context, args string) error {
	return s.steered(ctx, "add", args, "Vector added (x%v): ", steer.AddVector)
}

// project continues the prompt with the vector's direction taken out.
func (s *Session) project(ctx context.Context, args string) error {
	return s.steered(ctx, "project", args, "Direction taken out (x%v): ", steer.ProjectOut)
}

func (s *Session) steered(ctx context.Context, command, args, label string, how func(steer.Vector, float64) steer.Intervention) error {
	x, ok := amount(args, 1)
	if !ok {
		return s.usage(command, "%q is no number", strings.TrimSpace(args))
	}
	if !s.aimed(true) {
		return nil
	}
	v := s.vector
	if s.when != nil { // what is decided after a layer can change nothing before
		from := s.when.layer
		for from+1 < s.info.Shape().Layers && !v.Has(from) { // one from a file may begin later
			from++
		}
		v = v.Layers(from, -1)
	}
	i := s.where(how(v, x))
	s.say("\nUnder %v", i)
	return s.proceed(ctx, fmt.Sprintf(label, x), i)
}

// amount reads a finite number, or gives what stands for none.
func amount(args string, none float64) (float64, bool) {
	if args = strings.TrimSpace(args); args == "" {
		return none, true
	}
	x, err := strconv.ParseFloat(args, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}
