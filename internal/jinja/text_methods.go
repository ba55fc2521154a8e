package jinja

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textMethods are those of Python's str.
var textMethods = map[string]func(*machine, string, args) (any, error){
	"capitalize": plainMethod(capitalize),
	"casefold":   plainMethod(strings.ToLower),
	"lower":      plainMethod(strings.ToLower),
	"upper":      plainMethod(upper),
	"title":      plainMethod(title),
	"swapcase": plainMethod(func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsUpper(r) {
				return unicode.ToLower(r)
			}
			return unicode.ToUpper(r)
		}, s)
	}),
	"strip":        stripMethod(true, true),
	"lstrip":       stripMethod(true, false),
	"rstrip":       stripMethod(false, true),
	"split":        splitMethod(false),
	"rsplit":       splitMethod(true),
	"splitlines":   splitLines,
	"partition":    partition(strings.Index, false),
	"rpartition":   partition(strings.LastIndex, true),
	"startswith":   endMethod(strings.HasPrefix),
	"endswith":     endMethod(strings.HasSuffix),
	"removeprefix": cutMethod(strings.TrimPrefix),
	"removesuffix": cutMethod(strings.TrimSuffix),
	"find":         findMethod(strings.Index, false),
	"rfind":        findMethod(strings.LastIndex, false),
	"index":        findMethod(strings.Index, true),
	"rindex":       findMethod(strings.LastIndex, true),
	"replace":      replaceMethod,
	"join":         joinMethod,
	"count":        countMethod,
	"center":       padMethod(func(n int) int { return n / 2 }),
	"ljust":        padMethod(func(int) int { return 0 }),
	"rjust":        padMethod(func(n int) int { return n }),
	"zfill":        zfill,
	"format":       braceFormat,
	"isalnum":      isMethod(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }),
	"isalpha":      isMethod(unicode.IsLetter),
	"isascii": plainTest(func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	}),
	"isdecimal": isMethod(unicode.IsDigit),
	"isdigit":   isMethod(unicode.IsDigit),
	"isnumeric": isMethod(unicode.IsNumber),
	"isspace":   isMethod(space),
	"islower":   plainTest(func(s string) bool { return s == strings.ToLower(s) && s != upper(s) }),
	"isupper":   plainTest(func(s string) bool { return s == upper(s) && s != strings.ToLower(s) }),
	"istitle":   plainTest(func(s string) bool { return s == title(s) && strings.ToLower(s) != s }),
}

// plainMethod makes a method of a function of the text alone.
func plainMethod(f func(string) string) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		if _, err := a.bind(0); err != nil {
			return nil, err
		}
		if err := m.build(3 * len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	}
}

func plainTest(f func(string) bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		if _, err := a.bind(0); err != nil {
			return nil, err
		}
		return f(s), m.build(3 * len(s))
	}
}

// isMethod reports whether there are characters and all are of a kind.
func isMethod(f func(rune) bool) func(*machine, string, args) (any, error) {
	return plainTest(func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return !f(r) }) < 0
	})
}

// upper is strings.ToUpper with the one letter that becomes two.
func upper(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "ß", "SS") }

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToTitle(r)) + strings.ToLower(s[n:])
}

// title begins every run of letters with a capital.
func title(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		was := inside
		inside = unicode.IsLetter(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToTitle(r)
	}, s)
}

// strip cuts white space, or the given characters.
func strip(s string, chars any, left, right bool) (string, error) {
	cut := space
	if chars != nil && chars != (absent{}) {
		set, ok := chars.(string)
		if !ok {
			return "", fmt.Errorf("the characters are a %s", typeName(chars))
		}
		cut = func(r rune) bool { return strings.ContainsRune(set, r) }
	}
	if left {
		s = strings.TrimLeftFunc(s, cut)
	}
	if right {
		s = strings.TrimRightFunc(s, cut)
	}
	return s, nil
}

func stripMethod(left, right bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(0, "chars")
		if err != nil {
			return nil, err
		}
		if set, ok := v[0].(string); ok {
			if err := m.work((1 + len(set)) * len(s) / 64); err != nil {
				return nil, err
			}
		}
		if err := m.scan(len(s)); err != nil {
			return nil, err
		}
		return strip(s, v[0], left, right)
	}
}
