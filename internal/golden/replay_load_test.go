package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func floats(t testing.TB, f *tensorfile.File, name string) []float32 {
	t.Helper()
	if _, ok := f.Info(name); !ok {
		return nil
	}
	v, err := f.Float32(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func integers(t testing.TB, f *tensorfile.File, name string) []int32 {
	t.Helper()
	v, err := f.Int64(name)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int32, len(v))
	for i, x := range v {
		out[i] = int32(x)
	}
	return out
}

var (
	raw    = engine.Encoding{Markers: true, Special: true}
	plain  = engine.Encoding{Markers: true}
	oneTok = engine.Encoding{}
)

// replayPrompts records a folder of the format with a list of prompts.
func replayPrompts(t testing.TB, f files, modelDir string) *replay {
	t.Helper()
	r := newReplay(t, modelDir)
	type greedy struct {
		IDs  []int32
		Text string
	}
	var doc struct {
		Prompts []struct {
			Text               string
			IDs                []int32
			Terms              [][3]*int32
			Metric             float64
			TargetLogit        float64
			AutoCounterfactual int32
			Edges              *recordedEdges
			Greedy             greedy
			Steer              []struct {
				Factor        float64
				Neurons       [][]int
				Metric        float64
				Probabilities struct{ Target, Counterfactual float64 }
				Logits        string
				Greedy        greedy
			}
		}
		Contrast struct {
			Positive, Negative       []string
			PositiveIDs, NegativeIDs [][]int32
		}
		Added struct {
			Text     string
			IDs      []int32
			Layer    int
			Strength float64
		}
		Mean struct {
			Prompts []string
			IDs     [][]int32
		}
		Faithfulness recordedCurves
		Tokenizer    []struct {
			Text          string
			IDs, IDsPlain []int32
			Decoded       string
		}
	}
	if err := json.Unmarshal(f.manifest, &doc); err != nil {
		t.Fatal(err)
	}
	s, err := tensorfile.Parse(f.tensors)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range doc.Tokenizer {
		r.encode[fmt.Sprint(k.Text, raw)] = k.IDs
		r.encode[fmt.Sprint(k.Text, plain)] = k.IDsPlain
		r.decode[fmt.Sprint(k.IDsPlain)] = k.Decoded
		r.bos, r.addsBOS = k.IDs[0], len(k.IDs) > len(k.IDsPlain)
	}
	V, F, L := r.shape.Vocab, r.shape.Neurons, r.shape.Layers
	for i, p := range doc.Prompts {
		name := func(q string) []float32 { return floats(t, s, fmt.Sprintf("p%d.%s", i, q)) }
		T := len(p.IDs)
		if p.Edges != nil {
			r.edges[fmt.Sprint(p.IDs)] = p.Edges
		}
		r.encode[fmt.Sprint(p.Text, raw)] = p.IDs
		r.forwards[fmt.Sprint(p.IDs)] = recordedForward{logits: name("logits"), neurons: name("h")}
		r.texts[fmt.Sprint(p.IDs)] = p.Greedy.IDs
		r.decode[fmt.Sprint(p.Greedy.IDs)] = p.Greedy.Text
		var terms []engine.Term
		for _, x := range p.Terms {
			terms = append(terms, engine.Term{Position: int(*x[0]), Target: *x[1], Versus: *x[2]})
		}
		last := []engine.Term{{Position: T - 1, Target: terms[0].Target, Versus: -1}}
		pass := func(terms []engine.Term, rule engine.Rule, edit *engine.Edit, v recordedPass) {
			r.passes[fmt.Sprint(p.IDs, terms, rule, edited(edit))] = v
		}
		pass(terms, engine.RelP, nil, recordedPass{name("attribution"), name("tokensSeed"), p.Metric})
		pass(terms, engine.Frozen, nil, recordedPass{name("attributionFrozen"), name("tokensFrozen"), p.Metric})
		pass(terms, engine.Gradient, nil, recordedPass{scores: name("attributionPlain"), metric: p.Metric})
		pass(last, engine.RelP, nil, recordedPass{scores: name("attributionTarget"), metric: p.TargetLogit})
		for _, k := range p.Steer {
			all := &engine.Edit{T: 1, Scale: ones(L * F)}
			at := &engine.Edit{T: T, Scale: ones(L * T * F)}
			for _, n := range k.Neurons {
				if len(n) == 2 {
					all.Scale[n[0]*F+n[1]] = float32(k.Factor)
				} else {
					at.Scale[(n[0]*T+n[1])*F+n[2]] = float32(k.Factor)
				}
			}
			if len(k.Neurons[0]) == 2 {
				r.forwards[fmt.Sprint(p.IDs, edited(all))] = recordedForward{logits: floats(t, s, k.Logits)}
				r.texts[fmt.Sprint(p.IDs, edited(all))] = k.Greedy.IDs
				r.decode[fmt.Sprint(k.Greedy.IDs)] = k.Greedy.Text
				pass(terms, engine.RelP, all, recordedPass{metric: k.Metric})
				continue
			}
			r.forwards[fmt.Sprint(p.IDs, edited(at))] = recordedForward{logits: invented(T, V, terms, k.Metric, k.Probabilities.Target, k.Probabilities.Counterfactual)}
		}
	}
	for i, text := range slices.Concat(doc.Contrast.Positive, doc.Contrast.Negative, []string{doc.Added.Text}, doc.Mean.Prompts) {
		r.encode[fmt.Sprint(text, raw)] = slices.Concat(doc.Contrast.PositiveIDs, doc.Contrast.NegativeIDs, [][]int32{doc.Added.IDs}, doc.Mean.IDs)[i]
	}
	var pairs []steer.Pair
	for i, text := range doc.Contrast.Positive {
		pairs = append(pairs, steer.Pair{Positive: text, Negative: doc.Contrast.Negative[i]})
	}
	resid := floats(t, s, "contrast.resid")
	r.contrast(t, pairs, recordedForward{neurons: floats(t, s, "contrast.h"), residual: resid, mlp: floats(t, s, "contrast.mlp")})
	D := r.shape.Width
	vector := make([]float32, L*D)
	for k, x := range resid[doc.Added.Layer*D:][:D] {
		vector[doc.Added.Layer*D+k] = float32(doc.Added.Strength) * x
	}
	r.forwards[fmt.Sprint(doc.Added.IDs, edited(&engine.Edit{T: 1, Residual: vector}))] = recordedForward{logits: floats(t, s, "added.logits")}
	r.mean(t, doc.Mean.IDs, floats(t, s, "mean"))
	r.faithfulness(t, s, doc.Faithfulness)
	return r
}

// invented returns logits [T,V] that have a metric and, at the last position, the two probabilities.
func invented(T, V int, terms []engine.Term, metric, target, versus float64) []float32 {
	v := make([]float32, T*V)
	last := v[(T-1)*V:]
	for i := range last {
		last[i] = float32(math.Log((1 - target - versus) / float64(V-2)))
	}
	last[terms[0].Target], last[terms[0].Versus] = float32(math.Log(target)), float32(math.Log(versus))
	if len(terms) > 1 {
		v[terms[1].Position*V+int(terms[1].Target)] = float32(metric - math.Log(target) + math.Log(versus))
	}
	return v
}

// replayCases records a folder of the format with named cases.
func replayCases(t testing.TB, f files, modelDir string) *replay {
	t.Helper()
	r := newReplay(t, modelDir)
	r.ends = []int32{2, 4}
	var doc struct {
		Cases map[string]struct {
			Prompt, Target, Versus string
			TargetID               int32 `json:"target_id"`
			VersusID               int32 `json:"versus_id"`
			Metric                 float64
			Greedy                 string
			AblatedGreedy          string `json:"ablated_greedy"`
			Circuit                [][2]int
		}
	}
	if err := json.Unmarshal(f.manifest, &doc); err != nil {
		t.Fatal(err)
	}
	s, err := tensorfile.Parse(f.tensors)
	if err != nil {
		t.Fatal(err)
	}
	L, F := r.shape.Layers, r.shape.Neurons
	for name, k := range doc.Cases {
		ids := integers(t, s, name+"/ids")
		get := func(q string) []float32 { return floats(t, s, name+"/"+q) }
		r.bos, r.addsBOS = ids[0], true
		r.encode[fmt.Sprint(k.Prompt, raw)] = ids
		r.encode[fmt.Sprint(k.Target, oneTok)] = []int32{k.TargetID}
		r.encode[fmt.Sprint(k.Versus, oneTok)] = []int32{k.VersusID}
		T := len(ids)
		h := make([]float32, L*T*F)
		for l := range L {
			copy(h[(l*T+T-1)*F:][:F], get("neurons")[l*F:])
		}
		residual := make([]float32, L*T*r.shape.Width) // [L,T,D]
		for l, D := 0, r.shape.Width; l < L; l++ {
			copy(residual[(l*T+T-1)*D:][:D], get("residual")[l*D:])
		}
		r.forwards[fmt.Sprint(ids)] = recordedForward{logits: get("logits"), neurons: h, residual: residual}
		terms := []engine.Term{{Position: T - 1, Target: k.TargetID, Versus: k.VersusID}}
		r.passes[fmt.Sprint(ids, terms, engine.RelP, "")] = recordedPass{get("relevance"), get("tokens"), k.Metric}
		r.passes[fmt.Sprint(ids, terms, engine.Frozen, "")] = recordedPass{get("frozen"), get("frozen_tokens"), k.Metric}
		for q, factor := range map[string]float32{"ablated": 0, "doubled": 2} {
			e := &engine.Edit{T: 1, Scale: ones(L * F)}
			for _, n := range k.Circuit {
				e.Scale[n[0]*F+n[1]] = factor
			}
			r.forwards[fmt.Sprint(ids, edited(e))] = recordedForward{logits: get(q + "_logits")}
			if q == "ablated" {
				r.texts[fmt.Sprint(ids, edited(e))] = integers(t, s, name+"/ablated_greedy")
			}
		}
		r.texts[fmt.Sprint(ids)] = integers(t, s, name+"/greedy")
		r.decode[fmt.Sprint(integers(t, s, name+"/greedy"))] = k.Greedy
		r.decode[fmt.Sprint(integers(t, s, name+"/ablated_greedy"))] = k.AblatedGreedy
	}
	for _, name := range slices.Sorted(maps.Keys(f.pairs)) {
		want := recordedForward{neurons: floats(t, s, "contrast/"+name), residual: floats(t, s, "control/"+name), mlp: make([]float32, L*r.shape.Width)}
		if want.neurons != nil {
			r.contrast(t, f.pairs[name], want)
		}
	}
	return r
}
