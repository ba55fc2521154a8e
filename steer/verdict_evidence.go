package steer

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// verdictEvidence is the results about a circuit that are kept, those of the most prompts first.
type verdictEvidence struct {
	asked     message.EvidenceSettings
	sweeps    []kept[Curve] // on the behavior's examples
	others    []kept[Curve] // on other behaviors
	curves    []kept[FaithfulnessCurve]
	baselines []kept[Baseline]
	stable    []kept[Multiverse]
	compared  []kept[MethodComparison]
	patches   []kept[Patching]
	tested    []message.SweepCase // every case of the behavior that the circuit was tested on
}

// kept is a result with the address of its record.
type kept[T any] struct {
	result T
	ref    string
	n      int // prompts
	random int // random circuits
}

func newVerdictEvidence(r Record, b message.EvidenceBody) *verdictEvidence {
	v := &verdictEvidence{}
	if r.Header.Request.Decode(&v.asked) != nil {
		return v
	}
	for i, k := range b.Kept {
		rec := Record{Tensors: map[string]Tensor{}}
		if json.Unmarshal(k.Header, &rec.Header) != nil {
			continue
		}
		for name := range k.Sizes {
			rec.Tensors[name] = r.Tensors[message.KeptName(i, name)]
		}
		if rec.Check() != nil {
			continue // kept by somebody who did not look
		}
		v.add(rec)
	}
	order(v.sweeps)
	order(v.others)
	order(v.curves)
	order(v.baselines)
	order(v.stable)
	order(v.compared)
	order(v.patches)
	return v
}

// order puts the result of the most prompts first, then of the most random circuits, then by address.
func order[T any](all []kept[T]) {
	slices.SortFunc(all, func(a, b kept[T]) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(b.random, a.random), cmp.Compare(a.ref, b.ref))
	})
}

// add sorts a record where its kind belongs.
func (v *verdictEvidence) add(rec Record) {
	fetch := func() Record { return rec }
	ref := rec.Header.Request.Ref(rec.Header.Identity).String()
	switch rec.Header.Request.Kind {
	case "sweep":
		var s message.SweepSettings
		if rec.Header.Request.Decode(&s) != nil {
			return
		}
		k := kept[Curve]{newCurve(fetch), ref, len(s.Cases), s.Controls}
		switch {
		case v.own(s.Cases):
			v.sweeps, v.tested = append(v.sweeps, k), append(v.tested, s.Cases...)
		case apart(s.Cases, v.asked.Cases):
			v.others = append(v.others, k)
		}
	case "faithfulness":
		var s message.FaithfulnessSettings
		if rec.Header.Request.Decode(&s) != nil {
			return
		}
		cases := each(s.Cases, func(c message.PatchCase) message.SweepCase { return c.SweepCase })
		if v.own(cases) {
			v.curves = append(v.curves, kept[FaithfulnessCurve]{newFaithfulnessCurve(fetch), ref, len(cases), s.Controls})
			v.tested = append(v.tested, cases...)
		}
	case "baseline":
		g := BaselineTask{}.Result(fetch)
		n, _ := g.N()
		v.baselines = append(v.baselines, kept[Baseline]{g, ref, n, 0})
	case "patch":
		m := newPatching(fetch)
		n, _ := m.N()
		v.patches = append(v.patches, kept[Patching]{m, ref, n, 0})
	case "methods":
		m := newMethodComparison(fetch, false)
		v.compared = append(v.compared, kept[MethodComparison]{m, ref, m.Found(), m.rec.body().Controls})
	case "stability":
		m := newMultiverse(fetch)
		n, _ := m.N()
		v.stable = append(v.stable, kept[Multiverse]{m, ref, n, m.rec.body().Controls})
	}
}

// own reports whether cases are about the behavior.
func (v *verdictEvidence) own(cases []message.SweepCase) bool {
	return len(v.asked.Cases) == 0 || within(cases, v.asked.Cases)
}
