package plotting

import (
	"strings"
	"testing"
)

func TestByLayerTitle(t *testing.T) {
	for _, c := range []struct {
		support, oppose []float64
		want            string
	}{
		{[]float64{1, 1, 1, 4, 5, 4}, []float64{0, 0, 0, -1, 0, 0}, "Layers 3–5 carry 81 % of the support"},
		{[]float64{1, 0, 9, 0}, []float64{-1, 0, 0, 0}, "Layer 2 carries 90 % of the support"},
		{[]float64{0, 0, 9, 0}, []float64{0, 0, 0, 0}, "Layer 2 carries all of the support; nothing opposes"},
		{[]float64{0, 0, 0, 0}, []float64{0, -2, -2, 0}, "Layers 1–2 carry all of the opposition; nothing supports"},
		{[]float64{1, 0, 0, 0}, []float64{0, -2, -2, 0}, "Layers 1–2 carry all of the opposition, which outweighs the support"},
		{[]float64{0, 1, 0, 0}, []float64{0, -1, 0, 0}, "Layer 1 carries all of the support"},
		{[]float64{1, 1, 1, 1.2}, []float64{-1, 0, 0, 0}, "The support is spread over 4 layers; most, 29 %, is in layer 3"},
		{[]float64{0, 0}, []float64{0, 0}, "No layer supports or opposes"},
		{[]float64{2.5}, []float64{-0.25}, "The only layer supports with +2.50 and opposes with −0.250 logits"},
		{[]float64{2.5}, []float64{0}, "The only layer supports with +2.50 logits; nothing opposes"},
		{[]float64{0}, []float64{-2.5}, "The only layer opposes with −2.50 logits; nothing supports"},
		{[]float64{0}, []float64{0}, "No layer supports or opposes"},
		{[]float64{1e-9, 1000, 0}, []float64{0, 0, -1}, "Layer 1 carries over 99 % of the support"},
	} {
		if got := ByLayer(toldLayered{layered: layered{c.support, c.oppose}}).TitleText(); got != c.want {
			t.Errorf("support %v, opposition %v:\n got %q\nwant %q", c.support, c.oppose, got, c.want)
		}
	}
}

func TestHeatMapTitle(t *testing.T) {
	for _, c := range []struct {
		z      [][]float64
		labels []string
		want   string
	}{
		{[][]float64{{0, 1, 0}, {0, -9, 0}}, []string{"<s>", " was", "."}, "“·was” has all of the absolute score, 90 % of it in layer 1"},
		{[][]float64{{0, 1, 1}, {1, 8, -8}}, []string{"<s>", " was", "."}, "“·was” and “.” have 95 % of the absolute score"},
		{[][]float64{{5, 5, 5, 0, 0, 0}}, []string{"a", "b", "c", "d", "e", "f"}, "“a”, “b” and “c” have all of the absolute score"},
		{[][]float64{{1, 1, 1, 1.2}}, []string{"a", "b", "c", "\n"}, "The score is spread over 4 tokens; most, 29 %, is at “\\n”"},
		{[][]float64{{0, 0}, {0, 0}}, []string{"a", "b"}, "The score is zero at every layer and position"},
		{[][]float64{{1}, {0}, {-1}}, []string{"a"}, "“a” has all of the absolute score, 50 % of it in layer 0"},
		{[][]float64{{-4}}, []string{"a"}, "“a” has all of the absolute score"},
	} {
		if got := HeatMap(grid{c.z, c.labels}).TitleText(); got != c.want {
			t.Errorf("%v %q:\n got %q\nwant %q", c.z, c.labels, got, c.want)
		}
	}
}

func TestConcentrationIsTheDensestSpan(t *testing.T) {
	v := []float64{0.1, 0.2, 3, 0.5, 4, 0.1, 0.3}
	got, ok := concentration(v)
	// By exhaustion: no span's share exceeds its part of the axis by more.
	excess := func(lo, hi int) float64 { return sum(v[lo:hi+1])/sum(v) - float64(hi-lo+1)/float64(len(v)) }
	for lo := range v {
		for hi := lo; hi < len(v); hi++ {
			if excess(lo, hi) > excess(got.lo, got.hi)+1e-12 {
				t.Errorf("%d–%d is denser than %+v", lo, hi, got)
			}
		}
	}
	if !ok || got.lo != 2 || got.hi != 4 {
		t.Errorf("got %+v, %v", got, ok)
	}
}

func TestTextsSayWhatIsKnown(t *testing.T) {
	x := toldLayered{layered: profile(6)}
	ch, err := newLayerChart(x)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ch.subtitle(), `Relevance attribution of logit(" wonderful") − logit(" terrible"), 1 prompt`; got != want {
		t.Errorf("subtitle %q, want %q", got, want)
	}
	if got := ch.(*layerChart).quantity(); got != "Score (logits)" {
		t.Errorf("axis %q", got)
	}
	if got, want := (source{name: "praise", n: 20, of: "neurons"}).subtitle("score by layer"), "praise: score by layer, 20 neurons"; got != want {
		t.Errorf("subtitle %q, want %q", got, want)
	}
	many := source{method: "relevance attribution, mean of 12 prompts", about: "logit(a)", n: 12, of: "prompts"}
	if got, want := many.subtitle("score"), "Relevance attribution of logit(a), mean of 12 prompts"; got != want {
		t.Errorf("subtitle %q, want %q", got, want)
	}
	fig := ByLayer(x).Title("Mine").Subtitle("own")
	if fig.TitleText() != "Mine" || !strings.HasPrefix(fig.Alt(), "Mine. Bar chart") {
		t.Errorf("title %q, alt %q", fig.TitleText(), fig.Alt())
	}
	if s := fig.Title("Mine?").Alt(); !strings.HasPrefix(s, "Mine? Bar chart") {
		t.Errorf("alt %q", s)
	}
	if fig.Title("").TitleText() != ByLayer(x).TitleText() {
		t.Error("an empty title does not bring the computed one back")
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 2.345: "+2.35", -0.5: "−0.500", 12.34: "+12.3", 1234.5: "+1234", -2e-7: "−2.00e−7", 3e12: "+3.00e12", 0.00012: "+0.000120",
	} {
		if got := signed(v); got != want {
			t.Errorf("signed(%v) = %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0 %", 0.0001: "under 1 %", 0.814: "81 %", 0.9951: "over 99 %", 1: "all"} {
		if got := percent(v); got != want {
			t.Errorf("percent(%v) = %q, want %q", v, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 92160: "92,160", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}
