package steer

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A CircuitVerdict says which criteria of a circuit what has been computed meets. It is immutable, and lazy when the task is.
type CircuitVerdict struct {
	name string
	rec  result[message.EvidenceBody]
	lazy func() []Criterion
}

// A Criterion is one thing that a circuit may be asked, with what the results that are kept say of it.
type Criterion struct {
	Name   string         `json:"name"`   // e.g. "necessity"
	Asks   string         `json:"asks"`   // the question
	Rule   string         `json:"rule"`   // when it is met, and whose rule that is
	State  CriterionState `json:"state"`  //
	Figure Estimate       `json:"figure"` // what the rule looks at, in the unit that Found says; zero where it is not tested
	Found  string         `json:"found"`  // what was found, or what would test it
	Refs   []string       `json:"refs"`   // of the results that say so, in hexadecimal
}

// CriterionState says how a criterion stands.
type CriterionState string

// How a criterion stands.
const (
	Met       CriterionState = "met"
	NotMet    CriterionState = "not met"
	NotTested CriterionState = "not tested"
)

func newCircuitVerdict(fetch func() Record) CircuitVerdict {
	rec := newResult[message.EvidenceBody](fetch)
	return CircuitVerdict{rec: rec, lazy: sync.OnceValue(func() []Criterion { return newVerdictEvidence(rec.record(), rec.body()).judge() })}
}

// Criteria returns the criteria, in the order in which they build on one another.
func (v CircuitVerdict) Criteria() []Criterion {
	if v.lazy == nil {
		return nil
	}
	return slices.Clone(v.lazy())
}

// Count returns how many criteria are met, not met and not tested.
func (v CircuitVerdict) Count() (met, notMet, notTested int) {
	for _, c := range v.Criteria() {
		switch c.State {
		case Met:
			met++
		case NotMet:
			notMet++
		case NotTested:
			notTested++
		}
	}
	return met, notMet, notTested
}

// Named returns the verdict under another name. It begins with the name of the circuit.
func (v CircuitVerdict) Named(name string) CircuitVerdict { v.name = name; return v }

// Name returns the name.
func (v CircuitVerdict) Name() string { return v.name }

// Warnings returns what a reader must know, e.g. that nothing is kept here.
func (v CircuitVerdict) Warnings() []Warning { return slices.Clone(v.rec.record().Header.Warnings) }

// MarshalJSON writes the criteria.
func (v CircuitVerdict) MarshalJSON() ([]byte, error) {
	met, not, untested := v.Count()
	return json.Marshal(struct {
		Met       int         `json:"met"`
		NotMet    int         `json:"notMet"`
		NotTested int         `json:"notTested"`
		Criteria  []Criterion `json:"criteria"`
		Warnings  []Warning   `json:"warnings"`
	}{met, not, untested, v.Criteria(), v.Warnings()})
}
