// Command strings prints the texts of package bpetest as a JSON list.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
)

func main() {
	var texts []string
	for _, t := range bpetest.Texts() {
		texts = append(texts, t.Text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
