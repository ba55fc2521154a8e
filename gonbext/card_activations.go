package gonbext

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// activationsCard lists what was captured, with its sizes and its range.
func activationsCard(a steer.Activations) *card {
	c := &card{warnings: a.Warnings()}
	texts, positions := a.Count()
	lo, hi := a.Layers()
	if ts := a.Tokens(); len(ts) > 0 {
		c.title = words("Inside the model at “%s”", textOf(ts))
		c.line(span{fmt.Sprintf("layers %d to %d · %s", lo, hi, count(len(ts), "token")), plain})
	} else {
		c.title = words("Mean activations over %s", count(texts, "text"))
		c.line(span{fmt.Sprintf("layers %d to %d · %s", lo, hi, count(positions, "position")), plain})
	}
	t := table{heads: []string{"space", "shape", "least", "most", "root mean square"}, left: []bool{true, true}}
	for _, s := range a.Spaces() {
		x := a.Tensor(s)
		least, most, square := math.Inf(1), math.Inf(-1), 0.0
		for _, v := range x.Data {
			least, most, square = min(least, float64(v)), max(most, float64(v)), square+float64(v)*float64(v)
		}
		if len(x.Data) == 0 {
			least, most = 0, 0
		}
		t.rows = append(t.rows, []cell{text(s.String()), text(fmt.Sprint(x.Shape)), text(signed(least, 3)), text(signed(most, 3)),
			text(fmt.Sprintf("%.3f", math.Sqrt(square/float64(max(len(x.Data), 1)))))})
	}
	c.put("What was captured", t)
	c.notef("Tensor and Row give the numbers; the files .npy and .safetensors hold them for other tools.")
	return c
}

// contextsCard lists the places where each neuron acts most.
func contextsCard(x steer.TopActivations) *card {
	const each = 3
	ns := x.Neurons()
	c := &card{title: words("Where %s most active in %s", act(len(ns)), count(len(x.Texts()), "text")), warnings: x.Warnings()}
	t := table{heads: []string{"neuron", "activation", "context"}, left: []bool{true, false, true}}
	for _, n := range ns[:min(len(ns), rowsShown)] {
		for i, p := range x.Top(n, each) {
			name := cell{}
			if i == 0 {
				name = text(n.String())
			}
			t.rows = append(t.rows, []cell{name, text(signed(p.Activation, 3)),
				{{visible.Text(p.Before), muted}, {"«", muted}, {visible.Token(p.Token), strong}, {"»", muted}, {visible.Text(p.After), muted}}})
		}
	}
	if n := len(ns) - rowsShown; n > 0 {
		t.more = fmt.Sprintf("… %d more neurons", n)
	}
	c.put("Where each neuron is most active", t)
	c.notef("In these texts. Where a neuron is strong is not yet what it does.")
	return c
}

func act(n int) string {
	if n == 1 {
		return "1 neuron is"
	}
	return fmt.Sprintf("%d neurons are", n)
}

// writesCard lists what each neuron promotes and demotes.
func writesCard(w steer.Writes) *card {
	all := w.All()
	c := &card{title: words("What %s to the vocabulary", writes(len(all)))}
	t := table{heads: []string{"neuron", "promotes", "demotes"}, left: []bool{true, true, true}}
	for _, x := range all[:min(len(all), rowsShown)] {
		t.rows = append(t.rows, []cell{text(x.Neuron.String()), weighted(x.Promoted), weighted(x.Demoted)})
	}
	if n := len(all) - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("Tokens that each neuron promotes and demotes", t)
	c.notef("Where the neuron is positive; where it is negative, the other way round. The direct path alone, without the final norm.")
	return c
}

func writes(n int) string {
	if n == 1 {
		return "1 neuron writes"
	}
	return fmt.Sprintf("%d neurons write", n)
}

// weighted lists tokens, strongest first.
func weighted(ts []steer.Weighted) (c cell) {
	for i, t := range ts[:min(len(ts), 6)] {
		if i > 0 {
			c = append(c, span{"  ", plain})
		}
		c = append(c, tokenSpan(t.Token))
	}
	return c
}

// readingsCard lists the tokens that directions stand for.
func readingsCard(r steer.Readings) *card {
	c := &card{title: words("The tokens that %s for", stand(r.Len()))}
	t := table{heads: []string{"", "tokens, the first most"}, left: []bool{false, true}}
	for i := range min(r.Len(), 2*rowsShown) {
		list := cell{}
		for k, x := range r.Top(i)[:min(len(r.Top(i)), 6)] {
			if k > 0 {
				list = append(list, span{"  ", plain})
			}
			list = append(list, tokenSpan(x.Token))
		}
		t.rows = append(t.rows, []cell{number(i), list})
	}
	if n := r.Len() - len(t.rows); n > 0 {
		t.more = fmt.Sprintf("… %d more", n)
	}
	c.put("Tokens of each direction", t)
	return c
}

func stand(n int) string {
	if n == 1 {
		return "1 direction stands"
	}
	return fmt.Sprintf("%d directions stand", n)
}

// lensCard lists what the model would say at the last token after each layer.
func lensCard(l steer.LogitLens) *card {
	c := &card{title: words("What the model would say next after each layer"), warnings: l.Warnings()}
	if n := len(l.Tokens()); n > 0 {
		c.line(span{fmt.Sprintf("at the last of %d tokens ", n), plain}, tokenSpan(l.Tokens()[n-1]))
	}
	t := table{heads: []string{"layer", "tokens, the most likely first", "p"}, left: []bool{false, true, false}}
	layers, _ := l.Lens()
	for i := range layers {
		list, top := cell{}, l.Top(i, -1)
		for k, x := range top[:min(len(top), 6)] {
			if k > 0 {
				list = append(list, span{"  ", plain})
			}
			list = append(list, tokenSpan(x.Token))
		}
		if len(top) > 0 {
			t.rows = append(t.rows, []cell{number(i), list, text(percent(top[0].Probability))})
		}
	}
	c.put("What each layer would say", t)
	c.notef("p is of the first. All positions: plotting.LogitLens. Early layers need not speak the language of the last.")
	return c
}
