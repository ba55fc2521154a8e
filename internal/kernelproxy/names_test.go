package kernelproxy

import "testing"

// A name that is nearly one of ours gets the one that was meant, of the very type; one that is far from all gets none.
func TestNearest(t *testing.T) {
	n := modules{clone: "../.."}.list("")
	for text, want := range map[string]string{
		"m.Atribute undefined (type *steer.Model has no field or method Atribute)": "steer.Model has Attribute", //nolint:misspell // the mistake
		"m.predict undefined (type *steer.Model has no field or method predict)":   "steer.Model has Predict",
		"undefined: nb.Shwo":           "nb has Show",
		"undefined: plotting.Heatmaps": "plotting has HeatMap",
		"m.Quux undefined (type *steer.Model has no field or method Quux)": "",
		"undefined: x": "", "x.y undefined (type foo.Bar has no field or method y)": "",
	} {
		if got := n.nearest(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
