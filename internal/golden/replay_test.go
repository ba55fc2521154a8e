package golden

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A replay is a model that answers from a golden folder itself. Checked against that folder it passes; checked against a
// folder in which one number was changed it must not.
type replay struct {
	shape    engine.Shape
	forwards map[string]recordedForward
	passes   map[string]recordedPass
	texts    map[string][]int32
	encode   map[string][]int32
	decode   map[string]string
	vocab    map[int32]string // pieces
	ends     []int32
	bos      int32
	addsBOS  bool
	curves   map[string]float64                 // the metric of a pass, by its edit
	targets  map[string]int32                   // of the curves' prompts
	edges    map[string]*recordedEdges          // of a prompt
	outputs  func(layer int) ([]float32, error) // W_down [F,D]
}

type recordedForward struct{ logits, neurons, residual, mlp []float32 } // [T,V] or [V]; [L,T,F]; [L,T,D] twice

type recordedPass struct {
	scores, tokens []float32 // [L,T,F], [T]
	metric         float64
}

// edited names an edit, so that equal ones have equal names.
func edited(e *engine.Edit) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprint(&b, e.T)
	for i, s := range e.Scale {
		if s != 1 {
			fmt.Fprintf(&b, " %d:%g", i, s)
		}
	}
	for i, x := range e.Residual {
		if x != 0 {
			fmt.Fprintf(&b, " +%d:%.3g", i, x)
		}
	}
	return b.String()
}

func (r *replay) Shape() engine.Shape { return r.shape }
func (r *replay) Name() string        { return "replay" }
func (r *replay) Close() error        { return nil }

func (r *replay) Forward(_ context.Context, in engine.Forward, _ func(int, int)) (out engine.ForwardResult, err error) {
	for _, ids := range in.IDs {
		f, ok := r.forwards[fmt.Sprint(ids, edited(in.Edit))]
		if !ok {
			return out, fmt.Errorf("no forward pass of %v %s is recorded", ids, edited(in.Edit))
		}
		logits := f.logits
		if logits == nil {
			logits = make([]float32, r.shape.Vocab)
		}
		if in.AllLogits && len(logits) == r.shape.Vocab { // the file has the last row only
			logits = append(make([]float32, (len(ids)-1)*r.shape.Vocab), logits...)
		}
		if !in.AllLogits {
			logits = logits[len(logits)-r.shape.Vocab:]
		}
		out.Logits = append(out.Logits, logits)
		if in.Capture&engine.Neurons != 0 {
			out.Neurons = append(out.Neurons, f.neurons)
		}
		if in.Capture&engine.Residual != 0 {
			out.Residual = append(out.Residual, f.residual)
		}
		if in.Capture&engine.MLP != 0 {
			out.MLP = append(out.MLP, f.mlp)
		}
	}
	return out, nil
}

func (r *replay) Outputs(layer int) ([]float32, error) { return r.outputs(layer) }

func (r *replay) Unembed(context.Context, [][]float32, bool) ([][]float32, error) {
	return nil, errors.New("nothing is recorded")
}

func (r *replay) Chat(engine.Conversation) ([]engine.Token, bool, error) { return nil, false, nil }

func (r *replay) Attribute(_ context.Context, in engine.Attribution, _ func(int, int)) (out engine.AttributionResult, err error) {
	for i, ids := range in.IDs {
		terms := slices.Clone(in.Terms[i])
		p, ok := r.passes[fmt.Sprint(ids, terms, in.Rule, edited(in.Edit))]
		if !ok { // e.g. the runner-up's own pass, of which the file has no numbers
			p.tokens = make([]float32, len(ids))
		}
		if p.scores == nil {
			p.scores = make([]float32, r.shape.Layers*len(ids)*r.shape.Neurons)
		}
		if p.tokens == nil {
			p.tokens = append(make([]float32, len(ids)-1), float32(p.metric))
		}
		rest := -p.metric // the attention term closes the identity
		for _, t := range p.tokens {
			rest += float64(t)
		}
		attention := make([]float32, r.shape.Layers)
		if in.Rule != engine.Frozen {
			attention[0] = float32(rest / 2)
		}
		f := r.forwards[fmt.Sprint(ids)]
		out.Scores = append(out.Scores, p.scores)
		out.Heads = append(out.Heads, make([]float32, r.shape.Layers*len(ids)*r.shape.Heads))
		out.Sources = append(out.Sources, make([]float32, r.shape.Layers*len(ids)*r.shape.Heads))
		out.Tokens = append(out.Tokens, p.tokens)
		out.Metric = append(out.Metric, float32(p.metric))
		out.Linear = append(out.Linear, float32(p.metric))
		out.Attention = append(out.Attention, attention)
		out.Injected = append(out.Injected, 0)
		out.Logits = append(out.Logits, f.logits[len(f.logits)-r.shape.Vocab:])
	}
	return out, nil
}

func (r *replay) Decode(_ context.Context, in engine.Decoding) (engine.Decoder, error) {
	ids, ok := r.texts[fmt.Sprint(in.IDs, edited(in.Edit))]
	if !ok {
		return nil, fmt.Errorf("no text after %v %s is recorded", in.IDs, edited(in.Edit))
	}
	return &replayDecoder{ids: ids, vocab: r.shape.Vocab}, nil
}

type replayDecoder struct {
	ids   []int32
	vocab int
}

func (d *replayDecoder) Logits() []float32 {
	v := make([]float32, d.vocab)
	if len(d.ids) > 0 {
		v[d.ids[0]] = 1
	}
	return v
}

func (d *replayDecoder) Step(context.Context, int32) error { d.ids = d.ids[1:]; return nil }
func (d *replayDecoder) Close()                            {}

func (r *replay) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	ids, ok := r.encode[fmt.Sprint(s, how)]
	if !ok {
		return nil, fmt.Errorf("no encoding of %q %v is recorded", s, how)
	}
	out := make([]engine.Token, len(ids))
	for i, id := range ids {
		out[i], _ = r.Token(id)
	}
	return out, nil
}

func (r *replay) decodeText(ids []int32) (string, error) {
	if s, ok := r.decode[fmt.Sprint(ids)]; ok {
		return s, nil
	}
	for list := range r.decode { // of the beginning of a text, as it grows, the file says nothing
		if strings.HasPrefix(list, strings.TrimSuffix(fmt.Sprint(ids), "]")+" ") {
			return "", nil
		}
	}
	return "", fmt.Errorf("no text of %v is recorded", ids)
}

func (r *replay) Token(id int32) (engine.Token, bool) {
	p, ok := r.vocab[id]
	return engine.Token{ID: id, Piece: p, Text: strings.NewReplacer("Ġ", " ", "Ċ", "\n").Replace(p)}, ok
}

func (r *replay) BOS() (int32, bool) { return r.bos, r.addsBOS }
func (r *replay) Ends() []int32      { return r.ends }

// replayText is the tokenizer's half: both halves have a method Decode.
type replayText struct{ *replay }

func (t replayText) Decode(ids []int32) (string, error) { return t.decodeText(ids) }

func (t replayText) Warnings() []engine.Warning { return nil }

func (t replayText) DecodeNew(ids []int32) (string, error) { return t.decodeText(ids) }

func (r *replay) target() *Target {
	run := func(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return execute.Run(ctx, r, replayText{r}, q, emit)
	}
	return &Target{Model: steer.New("replay", steer.RunnerFunc(run)), Engine: r, Text: replayText{r}}
}

func newReplay(t testing.TB, modelDir string) *replay {
	t.Helper()
	r := &replay{forwards: map[string]recordedForward{}, passes: map[string]recordedPass{}, edges: map[string]*recordedEdges{}, texts: map[string][]int32{},
		encode: map[string][]int32{}, decode: map[string]string{}, vocab: map[int32]string{}, curves: map[string]float64{}, targets: map[string]int32{}}
	var tok struct {
		Model       struct{ Vocab map[string]int32 }
		AddedTokens []struct {
			ID      int32
			Content string
		} `json:"added_tokens"`
	}
	readJSON(t, filepath.Join(modelDir, "tokenizer.json"), &tok)
	for p, id := range tok.Model.Vocab {
		r.vocab[id] = p
	}
	for _, a := range tok.AddedTokens {
		r.vocab[a.ID] = a.Content
	}
	var cfg struct {
		Layers  int `json:"num_hidden_layers"`
		Width   int `json:"hidden_size"`
		Neurons int `json:"intermediate_size"`
		Vocab   int `json:"vocab_size"`
	}
	readJSON(t, filepath.Join(modelDir, "config.json"), &cfg)
	r.outputs = func(layer int) ([]float32, error) {
		w, err := tensorfile.Open(filepath.Join(modelDir, "model.safetensors"))
		if err != nil {
			return nil, err
		}
		defer w.Close()
		down, err := w.Float32(fmt.Sprintf("model.layers.%d.mlp.down_proj.weight", layer)) // [D,F]
		D, F := r.shape.Width, r.shape.Neurons
		out := make([]float32, F*D)
		for i, x := range down {
			out[i%F*D+i/F] = x
		}
		return out, err
	}
	r.shape = engine.Shape{Layers: cfg.Layers, Width: cfg.Width, Neurons: cfg.Neurons, Vocab: cfg.Vocab, Positions: 256}
	return r
}

func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(name, err)
	}
}

// files are a golden folder in memory.
type files struct {
	manifest, tensors []byte
	pairs             map[string][]steer.Pair
}

func readFiles(t testing.TB, dir string) files {
	t.Helper()
	m, err := os.ReadFile(filepath.Join(dir, "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := os.ReadFile(filepath.Join(dir, "golden.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := pairsBeside(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files{m, s, pairs}
}

// document parses the files.
func (f files) document(t testing.TB) *document {
	t.Helper()
	s, err := tensorfile.Parse(f.tensors)
	if err != nil {
		t.Fatal(err)
	}
	d, err := parse("golden.json", f.manifest, s)
	if err != nil {
		t.Fatal(err)
	}
	d.pairs = f.pairs
	return d
}

// examine checks a document on a target and returns the tally and the report.
func examine(t testing.TB, doc *document, on *Target) (tally, string) {
	t.Helper()
	var out strings.Builder
	rep := &report{out: &out}
	cases, err := formatOf(doc)
	if err != nil {
		t.Fatal(err)
	}
	cases(newCheck(t.Context(), doc, on, rep))
	if err := finish(t.Context(), doc, rep); err != nil {
		t.Fatal(err)
	}
	return rep.tally, out.String()
}

// exampleTB lets an Example, which has no testing.TB, use the helpers of the tests.
type exampleTB struct{ testing.TB }

func (exampleTB) Helper()           {}
func (exampleTB) Fatal(args ...any) { fmt.Println(args...) }
