package steer

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// methodFamilies are methods that have nothing in common but the behavior: those of a family look at the same thing, a gradient of the
// metric or the difference of activations on two prompts, so that they agree with one another whatever is true. Convergence means
// something between procedures as different as can be (Campbell and Fiske 1959, "Convergent and discriminant validation");
// rules of one family are what stability varies.
var methodFamilies = []struct {
	looks   string
	methods []string
}{
	{"gradients", []string{"RelP", "Frozen", "Gradient", "integrated gradients"}},
	{"differences of activations", []string{"contrast", "control vector"}},
}

// agreement is how many neurons of a circuit a method finds too.
type agreement struct {
	method string
	shared int
	chance float64 // the mean of random neurons in the same layers
	p      float64 // of as many, after Holm over all methods of all families
}

// agreeing holds the circuit against the neurons that other methods find for its behavior, family by family. Chance draws as many
// neurons of every layer: methods of a family like some layers, which alone would make them share neurons.
func (v *verdictEvidence) agreeing() (finding, bool) {
	var why finding
	own, opposing := v.supporters()
	for _, c := range v.compared {
		b := c.result.rec.body()
		if !b.Fine() {
			continue
		}
		best, tests := v.agreements(b, own)
		missing := slices.IndexFunc(best, func(a agreement) bool { return a.method == "" })
		switch {
		case len(own) == 0 && opposing > 0:
			why.because("the neurons of the circuit oppose, and methods are compared by those that support")
		case len(own) == 0:
			why.because("a circuit of heads has no neurons to find again")
		case missing >= 0:
			why.because("no method that looks at %s finds a neuron: use WithPairs(pairs)", methodFamilies[missing].looks)
		case float64(tests)*stats.AtLeast(sharedByChance(countLayers(own), countLayers(own), b.Shape), len(own)) > stats.Level:
			why.because("%s: too few of their layers to tell from chance", several(len(own), "neuron"))
		default:
			least, met, found := math.Inf(1), true, "of its "+several(len(own), "neuron")
			for i, a := range best {
				met, least = met && a.p <= stats.Level, min(least, float64(a.shared)/float64(len(own)))
				if i > 0 {
					found += " and"
				}
				found += fmt.Sprintf(" %d by %s (%.1f by chance, p = %.2g)", a.shared, a.method, a.chance, a.p)
			}
			return finding{met, Estimate{least, least, least, len(own)}, found, []string{c.ref}}, true
		}
	}
	return why, false
}

// supporters returns the neurons of the circuit that support the target by their scores, or all where it has none, and how many
// oppose.
func (v *verdictEvidence) supporters() (own []Neuron, opposing int) {
	for i, n := range v.asked.Neurons {
		switch {
		case n.Head:
		case v.asked.Scores[i] < 0:
			opposing++
		default:
			own = append(own, n)
		}
	}
	return own, opposing
}

// agreements returns for each family the method that agrees best with the circuit, which is empty where none finds a neuron, and how
// many methods were held against it.
func (v *verdictEvidence) agreements(b message.MethodsBody, own []Neuron) (best []agreement, tests int) {
	best = make([]agreement, len(methodFamilies))
	var all []agreement
	var family []int
	var p []float64
	for k, f := range methodFamilies {
		for m, name := range b.Methods {
			if !slices.Contains(f.methods, name) || len(b.Circuits[m]) == 0 {
				continue
			}
			o := compareRankings(own, b.Circuits[m], b.Shape)
			all, family, p = append(all, agreement{method: name, shared: o.shared, chance: o.mean}), append(family, k), append(p, o.p)
		}
	}
	for i, x := range stats.Holm(p) {
		all[i].p = x
		if k := family[i]; best[k].method == "" || x < best[k].p || x == best[k].p && all[i].shared > best[k].shared {
			best[k] = all[i]
		}
	}
	return best, len(all)
}
