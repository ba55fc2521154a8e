package plotting_test

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/plotting"
)

// search is any type of yours that knows strengths, what they come to, and what was sought.
type search struct{ strengths, value []float64 }

func (s search) Strengths() []float64                  { return s.strengths }
func (s search) Response() (mean, lo, hi []float64)    { return s.value, s.value, s.value }
func (s search) Sought() float64                       { return .1 }
func (s search) Reached() (x, lo, hi float64, ok bool) { return 1.9, 1.8, 2.1, true }
func (s search) Unit() string                          { return "nats" }

func ExampleCalibration() {
	fig := plotting.Calibration(search{[]float64{1, 1.5, 1.9, 2}, []float64{0, .03, .098, .11}})
	fmt.Println(fig.TitleText())
	fmt.Println(fig.Alt())
	// Output:
	// A strength of 1.9 comes to 0.0980 nats, found in 3 tries
	// Line chart of what strengths of an intervention come to, on a logarithmic axis. A strength of 1.9 comes to 0.0980 nats, found in 3 tries. Strengths of the intervention. Sought: 0.100 nats; unsteered: 0 nats. The answer's interval is from 1.8 to 2.1. 1.5: 0.0300; 1.9: 0.0980; 2: 0.110.
}
