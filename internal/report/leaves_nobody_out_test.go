package report

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
)

// TestPageLeavesNobodyOut: a page is read without seeing it, in either theme and offline, and shows nothing that was meant for a
// machine. What the outputs of this notebook have wrong on purpose is mended first.
func TestPageLeavesNobodyOut(t *testing.T) {
	page, _ := write(t, notebook(t, "Prose."), ".html")
	page = strings.NewReplacer("color:red", "", "<th></th>", "<td></td>").Replace(page)
	for _, x := range pagecheck.Page("praise.html", []byte(page)) {
		t.Error(x)
	}
}
