package plotting

import (
	"math"
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
	if len(short) != 2 || f.width(short[1]) > 90 || []rune(short[1])[len([]rune(short[1]))-1] != '…' {
		t.Errorf("in two lines: %q", short)
	}
}
