package golden

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// forward compares the logits, at every position or only the last as the file has them, and h.
func (c *check) forward(p prompt) {
	logits, wantLogits := p.array("logits") // [T,V] or [1,V]
	h, wantH := p.array("h")                // [L,T,F]
	T, shape := len(p.ids), c.target.Engine.Shape()
	if wantLogits {
		tol := c.tolerance("logitsAbs")
		got, err := c.model.Predict(p.text).Run(c.ctx)
		last := array{shape: []int{shape.Vocab}, err: err}
		if err == nil {
			last.data = got.Logits()
		}
		c.abs("logits, last position", logits.lastRow(), last, tol)
	}
	every := wantLogits && len(logits.shape) == 2 && logits.shape[0] > 1
	if !every && !wantH {
		return
	}
	in := steer.Forward{IDs: [][]int32{p.ids}, AllLogits: every}
	if wantH {
		in.Capture = steer.CaptureNeurons
	}
	f, err := c.run(in)
	if every {
		c.abs("logits", logits, array{shape: []int{T, shape.Vocab}, data: f.logits, err: err}, c.tolerance("logitsAbs"))
	}
	if wantH {
		c.relL2("h", h, array{shape: []int{shape.Layers, T, shape.Neurons}, data: f.neurons, err: err}, c.tolerance("hRelL2"))
	}
}

// forward of the engine for one prompt.
type forwarded struct{ logits, neurons []float32 }

func (c *check) run(in steer.Forward) (f forwarded, err error) {
	r, err := c.target.Engine.Forward(c.ctx, in, nil)
	switch {
	case err != nil:
		return f, err
	case len(r.Logits) != 1 || in.Capture&steer.CaptureNeurons != 0 && len(r.Neurons) != 1:
		return f, fmt.Errorf("the engine answers for %d prompts, it was asked for 1", len(r.Logits))
	}
	f.logits = r.Logits[0]
	if in.Capture&steer.CaptureNeurons != 0 {
		f.neurons = r.Neurons[0]
	}
	return f, nil
}

// lastRow returns the last row of [n,V] as [V].
func (a array) lastRow() array {
	if a.err == nil && len(a.shape) == 2 && a.shape[0] > 0 && len(a.data) == a.shape[0]*a.shape[1] {
		a.data = a.data[(a.shape[0]-1)*a.shape[1]:]
		a.shape = a.shape[1:]
	}
	return a
}
