//go:build !linux

package kernel

import "time"

var began = time.Now()

// threadTime returns the time that has passed: other systems do not tell what a thread has used.
func threadTime() float64 { return time.Since(began).Seconds() }
