package steer

import (
	"errors"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestControls: as many neurons in each layer, none of the circuit's nor of those left out, each at most once.
func TestControls(t *testing.T) {
	shape := Shape{Layers: 3, Neurons: 12}
	own := []Neuron{{Layer: 0, Index: 1}, {Layer: 0, Index: 2}, {Layer: 2, Index: 0}, {Layer: 2, Index: 5}, {Layer: 2, Index: 6}, {Layer: 2, Index: 11}}
	out := NewNeuronSet("always on", Neuron{Layer: 0, Index: 0}, Neuron{Layer: 2, Index: 7})
	cs, err := MatchedControls(NewCircuit("c", own...), out, shape, 500, 4)
	if err != nil || len(cs) != 500 {
		t.Fatal(len(cs), err)
	}
	drawn := map[Neuron]int{}
	for _, c := range cs {
		ns := c.Neurons()
		perLayer := make([]int, 3)
		for _, n := range ns {
			perLayer[n.Layer]++
			drawn[n]++
			if slices.Contains(own, n) || out.Has(n) {
				t.Fatalf("a control has %v", n)
			}
		}
		if !slices.Equal(perLayer, []int{2, 0, 4}) || len(ns) != 6 {
			t.Fatalf("a control has %v neurons in its layers: %v", perLayer, ns)
		}
	}
	// Every other neuron of layer 0 is drawn 500·2/9 ≈ 111 times, of layer 2 500·4/7 ≈ 286 times.
	for n, k := range drawn {
		if want := map[int]int{0: 111, 2: 286}[n.Layer]; k < want-50 || k > want+50 {
			t.Errorf("%v is drawn %d times, want about %d", n, k, want)
		}
	}
	if len(drawn) != 9+7 {
		t.Errorf("%d neurons are drawn, want every other one", len(drawn))
	}
	again, _ := MatchedControls(NewCircuit("c", own...), out, shape, 500, 4)
	other, _ := MatchedControls(NewCircuit("c", own...), out, shape, 500, 5)
	if !slices.EqualFunc(cs, again, sameNeurons) || slices.EqualFunc(cs, other, sameNeurons) {
		t.Error("controls are to depend on their seed and on nothing else")
	}
}

func sameNeurons(a, b Circuit) bool { return slices.Equal(a.Neurons(), b.Neurons()) }

// TestControlsTooFew: half of a layer can be matched, one neuron more cannot.
func TestControlsTooFew(t *testing.T) {
	shape := Shape{Layers: 1, Neurons: 4}
	half := []Neuron{{Layer: 0, Index: 0}, {Layer: 0, Index: 3}}
	cs, err := MatchedControls(NewCircuit("half", half...), NeuronSet{}, shape, 1, 0)
	if err != nil || !slices.Equal(cs[0].Neurons(), []Neuron{{Layer: 0, Index: 1}, {Layer: 0, Index: 2}}) {
		t.Error(cs, err)
	}
	if _, err := MatchedControls(NewCircuit("most", append(half, Neuron{Layer: 0, Index: 1})...), NeuronSet{}, shape, 1, 0); !errors.Is(err, engine.BadSetting) {
		t.Error("a control of a circuit that is most of its layer:", err)
	}
	if _, err := MatchedControls(NewCircuit("half", half...), NewNeuronSet("one", Neuron{Layer: 0, Index: 1}), shape, 1, 0); !errors.Is(err, engine.BadSetting) {
		t.Error("two controls of one neuron:", err)
	}
	if _, err := MatchedControls(NewCircuit("other", Neuron{Layer: 1, Index: 0}), NeuronSet{}, shape, 1, 0); !errors.Is(err, engine.ModelMismatch) {
		t.Error("a circuit of another model:", err)
	}
}
