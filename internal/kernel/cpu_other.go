//go:build !amd64

package kernel

// best returns what this processor can do.
func best() Level { return Go }
