//go:build !(goexperiment.simd && amd64)

package engine

const simd = false
