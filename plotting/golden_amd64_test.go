package plotting

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var regen = flag.Bool("regen", false, "write the golden figures anew")

// TestGolden holds every line of a figure to the byte. On amd64 only: elsewhere the compiler fuses multiplication and
// addition, and last digits differ.
func TestGolden(t *testing.T) {
	for name, fig := range map[string]*Figure{
		"bars":       ByLayer(toldLayered{layered: profile(12)}),
		"bars_small": ByLayer(profile(30)).Size(3.25, 2.2).Dark(),
		"heat":       HeatMap(toldGrid{grid: landscape(6, tokens(8))}),
		"heat_thin":  HeatMap(landscape(12, tokens(60))).Size(3.25, 3).Title("Every fourth token is labeled"),
		"overlap":    Overlap(sets(5)),
		"dose":       DoseResponse(sigmoid("20 neurons", 0.5, 8, 20)),
		"dose_two":   DoseResponse(sigmoid("circuit", 0.5, 64, 20), sigmoid("control vector", 0.2, 64, 0)).Dark(),
		"graph":      Graph(network(12, 6, tokens(5), false)),
		"graph_all":  Graph(network(10, 6, tokens(4), true)).Dark(),
		"flow":       LayerFlow(network(12, 6, tokens(5), false)),
		"heads":      AttentionHeads(looking(4, tokens(6))),
		"head":       AttentionHead(looking(2, tokens(6)), 1).Dark(),
		"lens":       LogitLens(forming(6, tokens(5))),
		"profiles":   Profiles(reading(tokens(8), outcomes(11), 12, 7, 4).profiled),
		"groups":     Profiles(reading(tokens(8), outcomes(11), 12, 7, 4)).Dark(),
		"methods":    Methods(compared(4, 6)),
		"curve":      Specifications(specified(2, true)).Dark(),
		"scatter":    Scatter(judged{estimates(60, .15), .71, .62, .78}),
		"calibrated": Calibration(within()),
		"dose_level": DoseResponse(instructed{sigmoid("20 neurons", 0.5, 8, 20), [3]float64{4.2, 3.1, 5.5}, true}),
		"faithful":   Faithfulness(carrying(19)),
		"explained":  Explained(spans(12, 50)),
		"strip":      TokenStrip(tinting(tokens(24))),
		"forest":     Forest(measuring(9, 20)),
		"upset":      UpSet(sharing(5)...).Dark(),
		"cumulative": Cumulative(steep("relevance", 46080, 1.1), steep("gradient", 4608, .4)),
		"change":     BeforeAfter(changed()),
		"by_prompt":  ByPrompt(acting(12, 9)).Dark(),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fig.SVG()
			if err != nil {
				t.Fatal(err)
			}
			path := "testdata/" + name + ".svg"
			if *regen {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				seen := "testdata/" + name + ".got.svg"
				if err := os.WriteFile(seen, got, 0o644); err != nil {
					t.Error(err)
				}
				t.Errorf("figure differs from %s; look at %s, and if it is right run go test -run TestGolden -regen", path, seen)
			}
		})
	}
}
