package golden

import (
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// forward compares the logits, at every position or only the last as the file has them, and h.
func (c *check) forward(p prompt) {
	logits, wantLogits := p.array("logits") // [T,V] or [1,V]
	h, wantH := p.array("h")                // [L,T,F]
	if wantLogits {
		tol := c.tolerance("logitsAbs")
		got, err := c.model.Predict(p.text).Run(c.ctx)
		last := array{shape: []int{c.target.Engine.Shape().Vocab}, err: err}
		if err == nil {
			last.data = got.Logits()
		}
		c.abs("logits, last position", logits.lastRow(), last, tol)
	}
	var spaces []engine.Site
	every := wantLogits && len(logits.shape) == 2 && logits.shape[0] > 1
	if every {
		spaces = append(spaces, engine.Logits)
	}
	if wantH {
		spaces = append(spaces, engine.Neurons)
	}
	if len(spaces) == 0 {
		return
	}
	a, err := c.model.Capture(p.text).From(spaces...).Run(c.ctx)
	if every {
		c.abs("logits", logits, captured(a, engine.Logits, err), c.tolerance("logitsAbs"))
	}
	if wantH {
		c.relL2("h", h, captured(a, engine.Neurons, err), c.tolerance("hRelL2"))
	}
}

// captured returns what was captured of a space: [T,V], [L,T,F] or [L,T,D].
func captured(a steer.Activations, s engine.Site, err error) array {
	if err != nil {
		return array{err: err}
	}
	t := a.Tensor(s)
	return array{shape: t.Shape, data: t.Data}
}

// lastRow returns the last row of [n,V] as [V].
func (a array) lastRow() array {
	if a.err == nil && len(a.shape) == 2 && a.shape[0] > 0 && len(a.data) == a.shape[0]*a.shape[1] {
		a.data = a.data[(a.shape[0]-1)*a.shape[1]:]
		a.shape = a.shape[1:]
	}
	return a
}
