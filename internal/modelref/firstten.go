package modelref

import (
	"fmt"
	"strings"
)

// FirstTen joins what is wrong for a message: ten of it, and how many more there are.
func FirstTen(list []string, separator string) string {
	const most = 10
	if len(list) <= most {
		return strings.Join(list, separator)
	}
	return fmt.Sprintf("%s%sand %d more", strings.Join(list[:most], separator), separator, len(list)-most)
}
