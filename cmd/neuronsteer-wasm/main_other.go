//go:build !js

package main //nolint:revive // the file for the page has the comment of the package

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "neuronsteer-wasm runs in a page: scripts/build.sh builds it with GOOS=js GOARCH=wasm, and neuronsteer report puts it there")
	os.Exit(2)
}
