//go:build !linux

package measure

// PeakMB is not known on this system.
func PeakMB() float64 { return 0 }
