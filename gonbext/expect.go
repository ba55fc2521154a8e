package gonbext

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Expect begins the check of an exercise's answer. The method after it takes the answer and what is right, which a notebook
// computes with the model and so does not give away, and shows a card: right, near or wrong, and why.
//
//	nb.Expect("What do the tokens add up to?").Number(mine, praise.Conservation().Tokens, .01)
//
// An answer that has not been given yet (math.NaN(), "" or steer.Circuit{}) gets a card that says so. No answer ends the cell.
func Expect(question string) Question { return Question{question} }

// Question is what an exercise asks. Its methods show how an answer holds.
type Question struct{ text string }

// Number compares two numbers of the same unit. Right is within the tolerance of want, near is within ten times the tolerance.
// A wrong one is held against the mistakes that are made often: the sign, a factor of 2, percent for a share, the rest for a part,
// a ratio upside down.
func (q Question) Number(got, want, tolerance float64) {
	q.show(judgeNumber(got, want, math.Abs(tolerance)))
}

// Neuron compares the neuron that is written as cards show it, e.g. "L5/N298", or the head, with the one that is right.
func (q Question) Neuron(got string, want steer.Neuron) { q.show(judgeNeuron(got, want)) }

// Circuit compares the neurons of two circuits, whatever their order, scores and positions. Near is where at least four of
// five are the same.
func (q Question) Circuit(got, want steer.Circuit) { q.show(judgeCircuit(got, want)) }

func (q Question) show(j judgment) {
	s := here.screen()
	s.send(j.card(q.text).bundle())
	s.sync()
}

// A judgment is what is said of an answer: never what would be right.
type judgment struct{ verdict, why string }

// What a card begins with.
const (
	right    = "Right"
	near     = "Near"
	wrong    = "Not yet"
	unsolved = "Your turn"
)

func (j judgment) card(question string) *card {
	c := &card{title: words("%s: %s", j.verdict, j.why), failed: j.verdict == wrong}
	c.line(span{"asked: " + question, muted})
	return c
}

func judgeNumber(got, want, tolerance float64) judgment {
	by := func(factor float64) bool { return math.Abs(got-factor*want) <= tolerance*max(math.Abs(factor), .05) }
	apart := math.Abs(want) > 4*tolerance // a factor of a number near 0 says nothing
	switch {
	case math.IsNaN(got):
		return judgment{unsolved, "there is no number yet: put yours into the cell, and run it again."}
	case math.Abs(got-want) <= tolerance:
		return judgment{right, fmt.Sprintf("that is it, within %.2g.", tolerance)}
	case apart && by(-1):
		return judgment{wrong, "the size is right and the sign is wrong. What is taken from what?"}
	case apart && (by(2) || by(.5)):
		return judgment{wrong, "off by the factor 2. Look whether something is counted twice, or not twice where it should be."}
	case apart && (by(-2) || by(-.5)):
		return judgment{wrong, "the sign is wrong, and there is a factor 2."}
	case apart && (by(100) || by(.01)):
		return judgment{wrong, "off by the factor 100: one of percent and share is meant, and the other is given."}
	case apart && got != 0 && math.Abs(1/got-want) <= tolerance:
		return judgment{wrong, "the ratio is upside down."}
	case apart && want > 0 && want < 1 && math.Abs(1-got-want) <= tolerance:
		return judgment{wrong, "that is the rest: what is asked for and this add up to 1."}
	case math.Abs(got-want) <= 10*tolerance:
		return judgment{near, "close, but farther off than rounding. Look at the last step again."}
	case got*want < 0:
		return judgment{wrong, "the sign is wrong, and the size too."}
	case math.Abs(got) > math.Abs(want):
		return judgment{wrong, "too large."}
	}
	return judgment{wrong, "too small."}
}

func judgeNeuron(got string, want steer.Neuron) judgment {
	c := steer.Neurons(got)
	ns := c.Neurons()
	switch {
	case strings.TrimSpace(got) == "":
		return judgment{unsolved, `write a neuron as cards show it, such as "L3/N17", between the quotes, and run the cell again.`}
	case len(ns) == 0:
		return judgment{wrong, `that is not how a neuron is written: type "L3/N17" for neuron 17 of layer 3, "L3/H1" for a head.`}
	case len(ns) > 1:
		return judgment{wrong, "one is asked for, and " + count(len(ns), "unit") + " are named."}
	}
	switch n := ns[0]; {
	case n == want:
		return judgment{right, "that is the one."}
	case n.Head != want.Head:
		return judgment{wrong, map[bool]string{true: "a head is asked for, not a neuron.", false: "a neuron is asked for, not a head."}[want.Head]}
	case n.Layer == want.Layer:
		return judgment{near, "the right layer, and another one of it."}
	case n.Index == want.Index:
		return judgment{near, "the right number, in another layer."}
	case n.Layer < want.Layer:
		return judgment{wrong, "it is in a later layer."}
	}
	return judgment{wrong, "it is in an earlier layer."}
}

func judgeCircuit(got, want steer.Circuit) judgment {
	mine, theirs := distinct(got), distinct(want)
	strays := slices.DeleteFunc(slices.Clone(mine), func(n steer.Neuron) bool { return slices.Contains(theirs, n) })
	shared := len(mine) - len(strays)
	of := fmt.Sprintf("%d of %d", shared, len(theirs))
	switch outside := elsewhere(strays, theirs); {
	case len(mine) == 0:
		return judgment{unsolved, "put a circuit in place of steer.Circuit{}, and run the cell again."}
	case shared == len(theirs) && len(strays) == 0:
		return judgment{right, count(shared, "neuron") + ", all as they should be."}
	case got.Len() > len(mine) && got.Len() == len(theirs):
		return judgment{wrong, fmt.Sprintf("these are %d entries, which are only %s: TopEntries counts a neuron once for every token, TopK once.", got.Len(), count(len(mine), "neuron"))}
	case opposeAll(strays, got) && supportsAll(want):
		return judgment{wrong, fmt.Sprintf("%d of them oppose the metric: what supports it is Positive().", len(strays))}
	case shared == len(theirs):
		return judgment{wrong, fmt.Sprintf("all of the right ones are there, and %d too many.", len(strays))}
	case len(strays) == 0:
		return judgment{wrong, fmt.Sprintf("every one of them is right, but these are %s: some are missing.", of)}
	case shared > 0 && outside > 0:
		return judgment{wrong, fmt.Sprintf("%s are right; among the others: %d of a layer that no right one is in. Which layers are asked for?", of, outside)}
	case 5*shared >= 4*len(theirs):
		return judgment{near, of + " are right. The order of steps may matter: what is narrowed before it is counted?"}
	case len(mine) != len(theirs):
		return judgment{wrong, fmt.Sprintf("%s are right, and there should not be %d. How many, of what?", of, len(mine))}
	case shared == 0:
		return judgment{wrong, "as many as there should be, and none of them right: these are of other scores."}
	}
	return judgment{wrong, of + " are right, in the right layers: the others are of other scores, signs or tokens."}
}

// elsewhere counts the neurons that are in layers where the right ones have none.
func elsewhere(strays, theirs []steer.Neuron) (n int) {
	for _, s := range strays {
		if !slices.ContainsFunc(theirs, func(x steer.Neuron) bool { return x.Layer == s.Layer }) {
			n++
		}
	}
	return n
}

// opposeAll reports whether there are strays, and the score of each in the circuit is negative.
func opposeAll(strays []steer.Neuron, in steer.Circuit) bool {
	for _, e := range in.Entries() {
		if e.Score >= 0 && slices.Contains(strays, e.Neuron) {
			return false
		}
	}
	return len(strays) > 0
}

// supportsAll reports whether no score of the circuit is negative.
func supportsAll(c steer.Circuit) bool {
	return !slices.ContainsFunc(c.Entries(), func(e steer.Entry) bool { return e.Score < 0 })
}

// distinct returns the neurons and heads of a circuit, each once.
func distinct(c steer.Circuit) []steer.Neuron {
	var ns []steer.Neuron
	for _, n := range c.Neurons() {
		if !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	return ns
}
