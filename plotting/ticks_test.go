package plotting

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

func labels(ticks []plot.Tick) (s []string) {
	for _, t := range ticks {
		s = append(s, t.Label)
	}
	return s
}

func TestRoundTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   []string
	}{
		{-1.7, 3.6, 6, []string{"−1", "0", "1", "2", "3"}},
		{-0.4, 0.4, 5, []string{"−0.4", "−0.2", "0", "0.2", "0.4"}},
		{0, 1, 4, []string{"0", "0.25", "0.50", "0.75", "1.00"}},
		{0, 3e-7, 3, []string{"0", "1e−7", "2e−7", "3e−7"}},
		{0, 5e-324, 4, []string{"0"}},
		{-1e308, 1e308, 4, []string{"0"}},
	} {
		got := labels(roundTicks(c.lo, c.hi, c.n))
		if len(got) != len(c.want) {
			t.Errorf("%v to %v: %q, want %q", c.lo, c.hi, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v to %v: %q, want %q", c.lo, c.hi, got, c.want)
				break
			}
		}
	}
}

func TestCountTicksKeepTheirDistance(t *testing.T) {
	for n := 1; n <= 300; n++ {
		for _, pitch := range []vg.Length{0.5, 3, 7, 13, 60} {
			const room = vg.Length(17)
			ticks := countTicks(n, pitch, room)
			if len(ticks) == 0 || ticks[0].Value != 0 {
				t.Fatalf("%d places: %v", n, ticks)
			}
			for i := 1; i < len(ticks); i++ {
				if vg.Length(ticks[i].Value-ticks[i-1].Value)*pitch < room {
					t.Fatalf("%d places, pitch %v: %v", n, pitch, labels(ticks))
				}
			}
			if last := ticks[len(ticks)-1].Value; last > float64(n-1) {
				t.Fatalf("%d places: the last tick is %v", n, last)
			}
		}
	}
	if got := labels(countTicks(32, 12, 17)); got[len(got)-1] != "31" {
		t.Errorf("32 layers: %q", got)
	}
}

func TestWrapLosesNothing(t *testing.T) {
	f := sans(noteSize)
	text := `Relevance attribution of logit(" wonderful") − logit(" terrible") in 81 % of pneumonoultramicroscopicsilicovolcanoconiosis`
	for _, room := range []vg.Length{5, 40, 90, 200, 260, 300, 320, 340, 360, 1000} {
		all := ""
		for _, line := range wrap(f, text, room, math.MaxInt) {
			if w := f.width(line); w > room && len([]rune(line)) > 1 {
				t.Errorf("%q is %v wide in a room of %v", line, w, room)
			}
			if strings.HasPrefix(line, "%") && room > 60 || strings.HasSuffix(line, `("`) && room > 60 {
				t.Errorf("in %v a line is torn at %q", room, line)
			}
			all += line
		}
		keep := func(s string) (out []rune) {
			for _, r := range s {
				if r != ' ' && r != '\u00a0' {
					out = append(out, r)
				}
			}
			return out
		}
		if string(keep(all)) != string(keep(text)) {
			t.Errorf("in %v: %q", room, all)
		}
	}
	if got := wrap(f, "carry 81 % of it", f.width("carry 81")+1, 9); got[0] != "carry" {
		t.Errorf("a percent sign left its number: %q", got)
	}
	short := wrap(f, text, 90, 2)
	if len(short) != 2 || f.width(short[1]) > 90 || !strings.Contains(short[1], "…") || !strings.HasSuffix(short[1], "osis") {
		t.Errorf("in two lines: %q", short)
	}
}

// TestWhatDiffersIsKept: texts that are cut still differ, and no half of a number is left.
func TestWhatDiffersIsKept(t *testing.T) {
	f := bold(titleSize)
	const head = "The neurons of the relevance of a very long metric move it on the mean of all prompts by a great deal, which is "
	for room := vg.Length(110); room < 400; room += 7 {
		a, b := wrap(f, head+"1,234 logits at 17,890", room, 2), wrap(f, head+"1,234 logits at 27,890", room, 2)
		if slices.Equal(a, b) {
			t.Errorf("in %v both are %q", room, a)
		}
		for _, w := range strings.FieldsFunc(strings.Join(a, " "), func(r rune) bool { return r == ' ' || r == '…' }) {
			if strings.ContainsAny(w, "0123456789") && w != "1,234" && w != "17,890" {
				t.Errorf("in %v a number is %q: %q", room, w, a)
			}
		}
		if f.width(a[len(a)-1]) > room {
			t.Errorf("%q is wider than %v", a, room)
		}
	}
	names := []string{"control vector of layer 12, praise, all prompts", "control vector of layer 13, praise, all prompts", "control vector of layer 13, praise, all prompts", "other"}
	for room := vg.Length(20); room < 150; room += 5 {
		got := apartNames(sans(tickSize), names, room)
		if room > 30 && got[0] == got[1] || got[1] != got[2] || got[3] != "other" && room > 30 {
			t.Errorf("in %v: %q", room, got)
		}
	}
	if got := apartNames(sans(tickSize), []string{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, 40); len(got) != 2 {
		t.Error(got)
	}
}
