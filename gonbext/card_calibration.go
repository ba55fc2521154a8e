package gonbext

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// calibrationCard says which strength reaches what was sought, and lists those that were tried.
func calibrationCard(v steer.Calibration) *card {
	c := &card{title: words("Strength for %s", v.About()), warnings: v.Warnings()}
	n, of := v.N()
	about := fmt.Sprintf("none was found · %d %s", n, of)
	if s := v.Strength(); v.Found() {
		about = fmt.Sprintf("%.4g, 95 %% interval %.4g to %.4g over %d %s", s.Value, s.Lo, s.Hi, n, of)
	}
	c.line(span{about, plain})
	t := table{heads: []string{"strength", v.Unit(), "95 % interval"}}
	for _, x := range v.Steps() {
		between := cell{}
		if x.Value.N > 1 {
			between = text(fmt.Sprintf("%.4g to %.4g", x.Value.Lo, x.Value.Hi))
		}
		t.rows = append(t.rows, []cell{text(fmt.Sprintf("%.4g", x.Strength)), text(fmt.Sprintf("%.4g", x.Value.Value)), between})
	}
	c.put("Strengths that were tried", t)
	c.notef("The strength is the multiplier of Scale, the factor of AddVector or the addend of AddTo. Its interval is over these %s.", of)
	return c
}
