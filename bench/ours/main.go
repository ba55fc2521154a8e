// Command ours answers what bench/peer/peer.py answers, with the engine of neuronsteer: JSON requests from the standard input,
// a JSON line for each. bench/table asks both in turn.
//
//	{"do": "load"}                          load_s: from exec until the model is there
//	{"do": "attribute", "lengths": [16]}    ms of one attribution of a batch of prompts with these numbers of tokens
//	{"do": "edges", "lengths": [16]}        ms of the edges of the 200 leading entries of an attribution into 30 of them and the metric
//	{"do": "decode", "context": 256}        ms of one more token after so many, with cached keys and values
//
// Every answer has the seconds since exec and the peak of resident memory.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/bench/measure"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// text has more than 2,048 tokens.
var text = strings.Repeat("When Mary and John went to the store, John gave a drink to the old man who had been waiting near the door. ", 100)

func main() {
	model := flag.String("model", measure.DefaultModel, "model name or path")
	flag.Parse()
	debug.SetGCPercent(25) // as the resident process has it
	if err := answer(context.Background(), *model); err != nil {
		fmt.Fprintln(os.Stderr, "ours:", err)
		os.Exit(1)
	}
}

// request is a line of the standard input.
type request struct {
	Do      string
	Lengths []int
	Context int
}

func answer(ctx context.Context, ref string) (err error) {
	m, err := measure.Open(ctx, ref)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	loaded := measure.SinceExec()
	tokens, err := m.Text.Encode(text, engine.Encoding{})
	if err != nil {
		return err
	}
	o := ours{e: m.Engine}
	for _, t := range tokens {
		o.ids = append(o.ids, t.ID)
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			return err
		}
		out := map[string]float64{}
		switch r.Do {
		case "load":
			out["load_s"] = loaded
		case "attribute":
			out["ms"], out["sum"], err = o.attribute(ctx, r.Lengths)
		case "edges":
			out["ms"], err = o.edges(ctx, r.Lengths[0])
		case "decode":
			out["ms"], err = o.decode(ctx, r.Context)
		default:
			err = fmt.Errorf("there is no request %q", r.Do)
		}
		if err != nil {
			return err
		}
		out["since_exec_s"], out["peak_mb"] = measure.SinceExec(), measure.PeakMB()
		if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
			return err
		}
	}
	return in.Err()
}

// ours computes with ids, as the peer does.
type ours struct {
	e   engine.Engine
	ids []int32
}

// attribute returns the milliseconds of one attribution and the sum of its scores.
func (o ours) attribute(ctx context.Context, lengths []int) (ms, sum float64, err error) {
	in := engine.Attribution{Rule: engine.RelP}
	for _, n := range lengths {
		in.IDs = append(in.IDs, o.ids[:n])
		in.Terms = append(in.Terms, []engine.Term{{Position: n - 1, Target: measure.Target, Versus: measure.Versus}})
	}
	start := time.Now()
	res, err := o.e.Attribute(ctx, in, nil)
	ms = 1e3 * time.Since(start).Seconds()
	for _, scores := range res.Scores {
		for _, v := range scores {
			sum += float64(v)
		}
	}
	return ms, sum, err
}

// edges returns the milliseconds of the edges of the leading entries of an attribution, without that.
func (o ours) edges(ctx context.Context, n int) (ms float64, err error) {
	const sources, targets = 200, 30
	terms := []engine.Term{{Position: n - 1, Target: measure.Target, Versus: measure.Versus}}
	res, err := o.e.Attribute(ctx, engine.Attribution{IDs: [][]int32{o.ids[:n]}, Terms: [][]engine.Term{terms}, Rule: engine.RelP}, nil)
	if err != nil {
		return 0, err
	}
	f, scores := o.e.Shape().Neurons, res.Scores[0]
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(float64(scores[b])), math.Abs(float64(scores[a]))) })
	in := engine.Edges{IDs: o.ids[:n], Metric: true, Terms: terms, Rule: engine.RelP}
	for _, i := range order[:min(sources, len(order))] {
		in.Sources = append(in.Sources, engine.Node{Neuron: engine.Neuron{Layer: i / (n * f), Index: i % f}, Position: i / f % n})
	}
	in.Targets = in.Sources[:min(targets, len(in.Sources))]
	start := time.Now()
	_, err = o.e.Edges(ctx, in, nil)
	return 1e3 * time.Since(start).Seconds(), err
}

// decode returns the milliseconds of a token after so many.
func (o ours) decode(ctx context.Context, context int) (ms float64, err error) {
	const tokens = 32
	d, err := o.e.Decode(ctx, engine.Decoding{IDs: o.ids[:context], Reserve: tokens})
	if err != nil {
		return 0, err
	}
	defer d.Close()
	start := time.Now()
	for range tokens {
		best := 0
		for id, z := range d.Logits() {
			if z > d.Logits()[best] {
				best = id
			}
		}
		if err := d.Step(ctx, int32(best)); err != nil {
			return 0, err
		}
	}
	return 1e3 * time.Since(start).Seconds() / tokens, nil
}
