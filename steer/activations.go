package steer

// Activations are numbers captured from a model: of one prompt at every position, or means over texts. They are immutable,
// and lazy when the task that makes them is.
type Activations struct {
	rec func() Record
}

// activationsBody is the part of the record that is not tensors. The tensors are named by Space: "residual" and "mlp"
// [L,T,D], "neurons" [L,T,F], "attention" [L,H,T,T], "logits" [T,V], "embedding" [T,D]. Means have T = 1.
type activationsBody struct {
	Shape  Shape   `json:"shape"`
	Tokens []Token `json:"tokens"` // of the prompt; empty for means
	BOS    bool    `json:"bos"`
	Texts  int     `json:"texts"`     // means: how many texts
	Count  int     `json:"positions"` // means: how many positions
}

// valuesOf returns the activations of neurons, [neurons,rows] with one row for means and one for each position otherwise.
func (a Activations) valuesOf(task string, ns []Neuron) (values numbers, rows int, err error) {
	if a.rec == nil {
		return nil, 0, Errorf(BadSetting, task, "there are no activations to take values from").
			Try("capture them with m.Capture(prompt).Of(steer.Neurons) or m.MeanActivations(texts...)")
	}
	r := a.rec()
	b, h := body[activationsBody](r), r.Tensors[string(Neurons)]
	if len(h.Shape) != 3 || h.Shape[0] != b.Shape.Layers || h.Shape[2] != b.Shape.Neurons {
		return nil, 0, Errorf(BadSetting, task, "the activations hold no neurons").Try("m.Capture(prompt).Of(steer.Neurons)")
	}
	rows = h.Shape[1]
	for _, n := range ns {
		if n.Layer < 0 || n.Layer >= b.Shape.Layers || n.Index < 0 || n.Index >= b.Shape.Neurons {
			return nil, 0, Errorf(ModelMismatch, task, "neuron %v is outside the model of the activations", n).
				Try("capture them on the same model")
		}
		for t := range rows {
			values = append(values, h.Data[(n.Layer*rows+t)*b.Shape.Neurons+n.Index])
		}
	}
	return values, rows, nil
}
