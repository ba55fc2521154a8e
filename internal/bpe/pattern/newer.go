package pattern

import "unicode"

var newer = map[string]*unicode.RangeTable{}
