package kernelproxy

import (
	"strings"
	"testing"
)

// A name that is nearly one of ours gets the one that was meant, of the very type; one that is far from all gets none.
func TestNearest(t *testing.T) {
	n := modules{clone: "../.."}.list("")
	for text, want := range map[string]string{
		"m.Atribute undefined (type *steer.Model has no field or method Atribute)": "steer.Model has Attribute", //nolint:misspell // the mistake
		"m.predict undefined (type *steer.Model has no field or method predict)":   "steer.Model has Predict",
		"undefined: nb.Shwo":           "nb has Show",
		"undefined: plotting.Heatmaps": "plotting has HeatMap",
		"c.Quux undefined (type steer.Curve has no field or method Quux)":             "steer.Curve has About, Baseline, CSV, Circuit",
		"c.Size undefined (type steer.Circuit has no field or method Size)":           "steer.Circuit has ", // Save is not what was meant
		"m.Info().Shape undefined (type steer.InfoTask has no field or method Shape)": "a task has no numbers before it ran, its result has: nb.Run(m.Info()).Shape",
		"m.Info().Quux undefined (type steer.InfoTask has no field or method Quux)":   "a task has no numbers before it ran, its result has: nb.Run(m.Info()) has BOS, Chat",
		"undefined: plotting.Quux": "plotting has AttentionHead, ",
		"undefined: x":             "", "x.y undefined (type foo.Bar has no field or method y)": "",
	} {
		if got := n.nearest(text); got != want && (want == "" || !strings.HasPrefix(got, want)) || strings.Contains(got, "Size, ") && strings.HasPrefix(text, "c.Size") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A method that is printed and not called is named; so is what else was printed as an address, and numbers that are meant are left alone.
func TestUncalled(t *testing.T) {
	n := modules{clone: "../.."}.list("")
	for code, want := range map[string]string{
		"%%\nfmt.Println(base.Accuracy)":                                "Accuracy is a method, and was not called: base.Accuracy()",
		"%%\nfmt.Printf(\"%.2f\\n\", nb.Run(m.Baseline(set)).Accuracy)": "Accuracy is a method, and was not called: nb.Run(m.Baseline(set)).Accuracy()",
		"func f() { fmt.Println(at.Metric, at.Total()) }\n%%\nf()":      "Metric is a method, and was not called: at.Metric()",
		"%%\nfmt.Println(m.Predict(text))":                              "nb.Show(x) shows what it is",
		"%%\nfmt.Printf(\"%x\", 1048576)":                               "",
		"%%\nnb.Show(base)":                                             "",
		"%%\nfmt.Println(base.Accuracy(), \"at\", 0xfffff, \"of it\")":  "",
	} {
		if got := n.uncalled(code); got != want && (want == "" || !strings.HasSuffix(got, want)) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	for text, want := range map[string]bool{"0x69a0e0\n": true, "accuracy %!f(func() float64=0x69a0e0)": true, "{0xc0000a4000 {}}": true, "0.75 and 12": false, "0x1f": false} {
		if got := address.MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
