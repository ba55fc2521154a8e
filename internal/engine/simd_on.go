//go:build goexperiment.simd && amd64

package engine

const simd = true // built with GOEXPERIMENT=simd: the backend's matrix products use AVX
