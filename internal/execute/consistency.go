package execute

import (
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// agreeing is the share of pairs that must project to the side of a direction, for its sign to be that of the pairs.
const agreeing = .75

// toward counts the pairs whose difference projects to the side of a direction, and those that project to the other.
func toward(rows [][]float32, direction []float32) (with, against int) {
	for _, r := range rows {
		switch x := message.Inner(r, direction); {
		case x > 0:
			with++
		case x < 0:
			against++
		}
	}
	return with, against
}

// signWarnings tells of layers in whose direction many pairs point the other way. A first component that is not centered is
// the direction of the largest differences, and where those differ in sign its own is an accident of a few of them.
func signWarnings(method string, lo int, with, against []int) []engine.Warning {
	var layers []int
	worst := -1
	share := func(i int) float64 { return float64(with[i]) / float64(with[i]+against[i]) }
	for i := range with {
		if with[i]+against[i] == 0 || share(i) >= agreeing {
			continue
		}
		layers = append(layers, lo+i)
		if worst < 0 || share(i) < share(worst) {
			worst = i
		}
	}
	if worst < 0 {
		return nil
	}
	advice := "leave those layers out, or use more pairs"
	if method == message.PCA {
		advice = "use Method(MeanDiff), or leave those layers out"
	}
	return []engine.Warning{{Code: "sign", Text: fmt.Sprintf("the pairs do not all point one way: in %s fewer than %.0f %% of them project to the side of the vector (in layer %d, %d of %d), so what it does there is not what they have in common; %s",
		ranges(layers), 100*agreeing, lo+worst, with[worst], with[worst]+against[worst], advice)}}
}

// ranges writes layers, rising, as "layer 3" or "layers 0, 2–11, 14".
func ranges(layers []int) string {
	var parts []string
	for i := 0; i < len(layers); {
		k := i
		for k+1 < len(layers) && layers[k+1] == layers[k]+1 {
			k++
		}
		if k > i {
			parts = append(parts, fmt.Sprintf("%d–%d", layers[i], layers[k]))
		} else {
			parts = append(parts, fmt.Sprint(layers[i]))
		}
		i = k + 1
	}
	if len(layers) == 1 {
		return "layer " + parts[0]
	}
	return "layers " + strings.Join(parts, ", ")
}
