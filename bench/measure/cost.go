package measure

import "time"

// A Cost is what something took: wall and processor time, in seconds. Other work on the machine hardly changes the second.
type Cost struct{ Wall, CPU float64 }

// Add measures f and adds what it took.
func (c *Cost) Add(f func() error) error {
	start, used := time.Now(), cpu()
	err := f()
	c.Wall += time.Since(start).Seconds()
	c.CPU += (cpu() - used).Seconds()
	return err
}

// Times returns the cost x times.
func (c *Cost) Times(x float64) Cost { return Cost{c.Wall * x, c.CPU * x} }
