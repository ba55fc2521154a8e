// Package studytest is what the tests of studies share.
package studytest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

const most = 1 << 20

// Quotes fails a study's test unless the package doc of steer says every sentence that a committed table lists under "In
// words". It returns how many there are.
func Quotes(t *testing.T, table string) int {
	t.Helper()
	text := strings.Join(strings.Fields(manual(t)), " ")
	quotes := sentences(t, table)
	for _, q := range quotes {
		if !strings.Contains(text, q) {
			t.Errorf("steer/doc.go does not say %q, as the table does", q)
		}
	}
	return len(quotes)
}

// Quoted fails a study's test unless the paragraph of the package doc of steer that ends with some words quotes every table, and
// has no number but in sentences of the tables. It returns how many sentences the paragraph has before these words.
func Quoted(t *testing.T, ending string, tables ...string) int {
	t.Helper()
	var found string
	for p := range strings.SplitSeq(manual(t), "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); strings.HasSuffix(p, ending) {
			found = strings.TrimSuffix(p, ending)
		}
	}
	if found == "" {
		t.Fatalf("no paragraph of steer/doc.go ends with %q", ending)
	}
	n := len(regexp.MustCompile(`[.!?](?: |$)`).FindAllString(found, -1))
	for _, table := range tables {
		quoted := 0
		for _, s := range sentences(t, table) {
			if strings.Contains(found, s) {
				quoted, found = quoted+1, strings.ReplaceAll(found, s, "")
			}
		}
		if quoted == 0 {
			t.Errorf("the paragraph quotes nothing of %s as it is now", table)
		}
	}
	if number := regexp.MustCompile(`\d\S*`).FindString(found); number != "" {
		t.Errorf("the number %s is in no sentence of the tables: %s", number, found)
	}
	return n
}

// manual is the package doc of steer as text.
func manual(t *testing.T) string {
	t.Helper()
	b, err := regular.ReadFile("../../../steer/doc.go", most)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^// ?`).ReplaceAllString(string(b), "")
}

// sentences are what a table lists under "In words".
func sentences(t *testing.T, table string) (all []string) {
	t.Helper()
	b, err := regular.ReadFile(table, most)
	if err != nil {
		t.Fatal(err)
	}
	_, words, _ := strings.Cut(string(b), "In words")
	for _, m := range regexp.MustCompile(`(?m)^- (.*)$`).FindAllStringSubmatch(words, -1) {
		all = append(all, m[1])
	}
	return all
}
