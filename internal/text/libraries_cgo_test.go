//go:build cgo

package text_test

// libraries are those that this build has.
var libraries = []string{"go", "daulet"}
