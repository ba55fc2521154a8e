//go:build !amd64

package kernel

var tables [levels]*kernels
