package steer

import (
	"encoding/json"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Gather answers a request that asks what is kept about a circuit, as that of a VerdictTask does; ok is false for any other
// request. find returns the records whose headers are wanted: who keeps the results of the model id has it, and answers such a
// request from it, every time anew, for the answer is not the same when more has been computed.
func Gather(r Request, id Identity, find func(want func(Header) bool) ([]Record, error)) (rec Record, ok bool, err error) {
	var s message.EvidenceSettings
	if k := s.Kind(); r.Kind != k.Name || r.Version != k.Version {
		return Record{}, false, nil
	}
	if err := r.Decode(&s); err != nil {
		return Record{}, false, engine.Prefix(s.Kind().Task, err)
	}
	if err := s.Check(); err != nil {
		return Record{}, false, engine.Prefix(s.Kind().Task, err)
	}
	kept, err := find(func(h Header) bool { return h.Identity == id && speaks(s, h.Request) })
	if err != nil {
		return Record{}, false, err
	}
	body := message.EvidenceBody{Kept: []message.KeptRecord{}}
	rec.Tensors, rec.Header.Engine = map[string]Tensor{}, "kept results"
	for i, k := range kept {
		h, err := json.Marshal(k.Header)
		if err != nil {
			return Record{}, false, engine.Errorf(engine.Internal, s.Kind().Task, "a header cannot be written as JSON: %v", err)
		}
		sizes := map[string][]int{}
		for name, t := range k.Tensors {
			sizes[name], rec.Tensors[message.KeptName(i, name)] = t.Shape, t
		}
		body.Kept = append(body.Kept, message.KeptRecord{Header: h, Sizes: sizes})
		rec.Header.Model, rec.Header.Tool = k.Header.Model, k.Header.Tool
	}
	if rec.Header.Body, err = json.Marshal(body); err != nil {
		return Record{}, false, engine.Errorf(engine.Internal, s.Kind().Task, "what is kept cannot be written as JSON: %v", err)
	}
	rec.Header.Request, rec.Header.Identity = r, id
	return rec, true, nil
}

// speaks reports whether the record of a request says something about a circuit or its behavior, on the model as it is.
func speaks(s message.EvidenceSettings, r Request) bool {
	switch r.Kind {
	case "sweep":
		var x message.SweepSettings
		return r.Decode(&x) == nil && len(x.Edits) == 0 && x.Gate == nil && slices.Equal(x.Neurons, s.Neurons)
	case "faithfulness":
		var x message.FaithfulnessSettings
		return r.Decode(&x) == nil && len(x.Edits) == 0 && slices.Contains(x.Counts, len(s.Neurons)) && len(x.Ranked) >= len(s.Neurons) && slices.Equal(distinct(x.Ranked[:len(s.Neurons)]), s.Neurons)
	case "baseline":
		var x message.BaselineSettings
		return r.Decode(&x) == nil && len(x.Edits) == 0 && len(s.Cases) > 0 && within(casesOf(x.Examples), s.Cases)
	case "patch":
		var x message.PatchSettings
		if r.Decode(&x) != nil || len(x.Edits) > 0 || x.Part != nil {
			return false
		}
		texts := each(x.Cases, func(c message.PatchCase) string { return c.Prompt.Text })
		cases := each(x.Cases, func(c message.PatchCase) message.SweepCase { return c.SweepCase })
		return sameTexts(texts, s.Found) || len(s.Cases) > 0 && within(cases, s.Cases)
	case "stability":
		var x message.StabilitySettings
		return r.Decode(&x) == nil && len(x.Behavior.Edits) == 0 && sameTexts(textsOf(x.Behavior.Examples), s.Found)
	case "methods":
		var x message.MethodsSettings
		if r.Decode(&x) != nil || len(x.Behavior.Edits) > 0 {
			return false
		}
		found := x.Behavior.Examples
		return sameTexts(textsOf(found), s.Found) || len(s.Cases) > 0 && within(casesOf(found), s.Cases)
	}
	return false
}

// textsOf returns the prompts of examples.
func textsOf(examples []message.BehaviorExample) []string {
	return each(examples, func(e message.BehaviorExample) string { return e.Prompt.Text })
}

// casesOf returns examples as those of a sweep.
func casesOf(examples []message.BehaviorExample) []message.SweepCase {
	return each(examples, func(e message.BehaviorExample) message.SweepCase {
		return message.SweepCase{Prompt: e.Prompt, Target: e.Metric.Target, Versus: e.Metric.Versus}
	})
}

// sameTexts reports whether two lists hold the same texts, in any order, and at least one.
func sameTexts(a, b []string) bool {
	a, b = slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b)))
	return len(a) > 0 && slices.Equal(a, b)
}

// within reports whether every case is one of others.
func within(cases, others []message.SweepCase) bool {
	for _, c := range cases {
		if !slices.ContainsFunc(others, func(o message.SweepCase) bool { return sameCase(c, o) }) {
			return false
		}
	}
	return true
}

func sameCase(a, b message.SweepCase) bool {
	return a.Prompt.Text == b.Prompt.Text && slices.Equal(a.Prompt.IDs, b.Prompt.IDs) && a.Target == b.Target && a.Versus == b.Versus
}

// apart reports whether no case has a prompt of others.
func apart(cases, others []message.SweepCase) bool {
	return !slices.ContainsFunc(cases, func(c message.SweepCase) bool {
		return slices.ContainsFunc(others, func(o message.SweepCase) bool { return c.Prompt.Text == o.Prompt.Text })
	})
}
