package steer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TracerJSON returns the graph as a file of the front end of circuit-tracer (github.com/safety-research/circuit-tracer,
// circuit_tracer/frontend/graph_models.py), under a name of letters, digits and dashes: put it as name.json beside its
// graph-metadata.json. Neurons stand where that front end has features of a transcoder, heads after the neurons of their layer; a
// node's influence is the share that it and all more influential ones have, by which the front end prunes, and its activation that of
// a neuron that is a target; nothing is said of others. The front end's examples of a feature are not written, so that where a node
// is clicked it shows its edges and says that the feature failed to load. The name must not be empty.
//
// A graph that was collapsed has no positions, so that it has no such file.
func (g Graph) TracerJSON(name string) ([]byte, error) {
	d := g.data()
	bad := func(format string, args ...any) *engine.Error {
		return engine.Errorf(engine.BadSetting, "edges", format, args...)
	}
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" || name == "" {
		return nil, bad("the front end cannot name a graph %q", name).Try(`use letters, digits and dashes: TracerJSON("my-graph")`)
	}
	if d.from > 0 {
		return nil, bad("a collapsed graph has no positions, and the front end places nodes by theirs").Try("leave Collapse out")
	}
	influence, _ := d.influence()
	f := tracerFile{Nodes: []tracerNode{}, Links: []tracerLink{}}
	f.Metadata = tracerMetadata{Slug: name, Scan: "neuronsteer", Transcoders: []string{}, Tokens: engine.Labels(d.body.Tokens),
		Prompt: strings.Join(engine.Texts(d.body.Tokens), ""), SchemaVersion: 1}
	f.Query = tracerQuery{Pinned: []string{}, Supernodes: [][]string{}, LinkType: "both"}
	cumulative := cumulated(influence)
	ids := make([]string, len(d.nodes))
	for i, n := range d.nodes {
		x := d.tracerNode(n)
		if n.Kind != MetricNode {
			x.Influence = &cumulative[i]
		}
		ids[i] = x.ID
		f.Nodes = append(f.Nodes, x)
	}
	for k := range len(d.balance) / message.BalanceTerms {
		if k < d.body.Targets && d.nodes[k].Kind == NeuronNode {
			value := float64(d.balance[k*message.BalanceTerms])
			f.Nodes[k].Activation = &value
		}
	}
	for _, l := range d.edges {
		f.Links = append(f.Links, tracerLink{ids[l.source], ids[l.target], l.weight})
	}
	return json.Marshal(f)
}

// tracerNode writes a node as the front end knows it.
func (g graph) tracerNode(n Node) tracerNode {
	x := tracerNode{Layer: strconv.Itoa(n.Layer), Position: n.Position, Clerp: n.Label}
	switch index := n.Index; n.Kind {
	case EmbeddingNode:
		x.Layer, x.Type, x.Feature, x.Clerp = "E", "embedding", n.Position, fmt.Sprintf("Emb: %q", n.Label)
		x.ID, x.JS = fmt.Sprintf("E_%d_%d", index, n.Position), fmt.Sprintf("E_%d-%d", index, n.Position)
	case MetricNode:
		x.Layer, x.Type, x.Feature, x.IsTarget = strconv.Itoa(n.Layer+1), "logit", index, true
		x.ID, x.JS = fmt.Sprintf("%s_%d_%d", x.Layer, index, n.Position), fmt.Sprintf("L_%d-%d", index, n.Position)
		if r := g.body.Ranked; r != nil {
			x.Probability = r.Probability
		}
		x.Clerp = fmt.Sprintf("Output %s (p=%.3f)", n.Label, x.Probability) // the front end reads the probability here
	default:
		if n.Kind == HeadNode {
			index += g.body.Shape.Neurons
		}
		x.Type = "cross layer transcoder"
		x.Feature = index
		x.ID, x.JS = fmt.Sprintf("%d_%d_%d", n.Layer, index, n.Position), fmt.Sprintf("%d_%d-0", n.Layer, index)
	}
	return x
}

// cumulated returns for each number the share of the sum that it and all larger ones have.
func cumulated(x []float64) []float64 {
	order, sum := make([]int, len(x)), 0.
	for i, v := range x {
		order[i] = i
		sum += v
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	out, part := make([]float64, len(x)), 0.
	for _, i := range order {
		part += x[i]
		out[i] = part / math.Max(sum, math.SmallestNonzeroFloat64)
	}
	return out
}

// tracerFile is the file of the front end.
type tracerFile struct {
	Metadata tracerMetadata `json:"metadata"`
	Query    tracerQuery    `json:"qParams"`
	Nodes    []tracerNode   `json:"nodes"`
	Links    []tracerLink   `json:"links"`
}

type tracerMetadata struct {
	Slug          string   `json:"slug"`
	Scan          string   `json:"scan"`
	Transcoders   []string `json:"transcoder_list"`
	Tokens        []string `json:"prompt_tokens"`
	Prompt        string   `json:"prompt"`
	Threshold     *float64 `json:"node_threshold"`
	SchemaVersion int      `json:"schema_version"`
}

type tracerQuery struct {
	Pinned     []string   `json:"pinnedIds"`
	Supernodes [][]string `json:"supernodes"`
	LinkType   string     `json:"linkType"`
	Clicked    string     `json:"clickedId"`
	Place      string     `json:"sg_pos"`
}

type tracerNode struct {
	ID          string   `json:"node_id"`
	Feature     int      `json:"feature"`
	Layer       string   `json:"layer"`
	Position    int      `json:"ctx_idx"`
	Type        string   `json:"feature_type"`
	Probability float64  `json:"token_prob"`
	IsTarget    bool     `json:"is_target_logit"`
	Run         int      `json:"run_idx"`
	FromEnd     int      `json:"reverse_ctx_idx"`
	JS          string   `json:"jsNodeId"`
	Clerp       string   `json:"clerp"`
	Influence   *float64 `json:"influence"`
	Activation  *float64 `json:"activation"`
}

type tracerLink struct {
	Source string  `json:"source"`
	Target string  `json:"target"`
	Weight float64 `json:"weight"`
}
