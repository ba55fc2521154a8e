package modelref

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// FirstTen joins what is wrong for a message: ten of it, and how many more there are. What others have named could break the
// message's line, or move a cursor: that is quoted.
func FirstTen(list []string, separator string) string {
	const most = 10
	shown := make([]string, 0, most+1)
	for i, s := range list {
		if i == most {
			shown = append(shown, fmt.Sprintf("and %d more", len(list)-most))
			break
		}
		if strings.ContainsFunc(s, unicode.IsControl) {
			s = strconv.Quote(s)
		}
		shown = append(shown, s)
	}
	return strings.Join(shown, separator)
}
