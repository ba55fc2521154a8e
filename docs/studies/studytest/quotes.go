// Package studytest is what the tests of studies share.
package studytest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Quotes fails a study's test unless the package doc of steer says every sentence that a committed table lists under "In
// words". It returns how many there are.
func Quotes(t *testing.T, table string) int {
	t.Helper()
	const most = 1 << 20
	b, err := regular.ReadFile(table, most)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := regular.ReadFile("../../../steer/doc.go", most)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(doc), "\n//", " ")), " ")
	_, words, _ := strings.Cut(string(b), "In words")
	quotes := regexp.MustCompile(`(?m)^- (.*)$`).FindAllStringSubmatch(words, -1)
	for _, q := range quotes {
		if !strings.Contains(text, q[1]) {
			t.Errorf("steer/doc.go does not say %q, as the table does", q[1])
		}
	}
	return len(quotes)
}
