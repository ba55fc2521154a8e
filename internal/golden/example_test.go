package golden

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

func ExampleRun() {
	_, model := tiny(exampleTB{})
	open := func(context.Context, string) (*Target, error) { return model.target(), nil }
	var out strings.Builder
	ok, err := Run(context.Background(), []string{"../../testdata/golden/tiny-llama"}, Options{Open: open, Out: &out})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	summary := lines[len(lines)-1]
	fmt.Println(regexp.MustCompile(`in .* s$`).ReplaceAllString(summary, "in … s"))
	fmt.Println(ok, err)
	// Output:
	// ../../testdata/golden/tiny-llama: 304 quantities, 0 misses, 164 not compared in … s
	// true <nil>
}
