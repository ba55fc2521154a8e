package pattern

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// classes keeps the sets of names: an expression names L and N many times, and a process compiles many expressions.
var classes sync.Map // name → *set

// class returns the set of a property: a general category, a script, or a POSIX name as Oniguruma defines it over Unicode.
func class(name string) (*set, error) {
	key := strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	if s, ok := classes.Load(key); ok {
		return s.(*set), nil
	}
	s := &set{}
	if build, ok := posix[key]; ok {
		build(s)
	} else if tables := tablesOf(key); tables != nil {
		for _, t := range tables {
			s.addTable(t)
		}
	} else {
		return nil, fmt.Errorf("the character property %q is not known", name)
	}
	if key == "any" || key == "cn" || key == "c" {
		return nil, fmt.Errorf("the character property %q is not supported", name)
	}
	classes.Store(key, s)
	return s, nil
}

// Property returns whether a character has a property, by its name as in \p{name}.
func Property(name string) (func(rune) bool, error) {
	s, err := class(name)
	if err != nil {
		return nil, err
	}
	return s.has, nil
}

// posix are the classes that are not one property of Unicode.
var posix = map[string]func(*set){
	"space": func(s *set) { s.addTable(unicode.White_Space) },
	"digit": func(s *set) { addCategory(s, "Nd") },
	"alpha": addAlphabetic, "alphabetic": addAlphabetic,
	"alnum": func(s *set) { addAlphabetic(s); addCategory(s, "Nd") },
	"word": func(s *set) { // Oniguruma takes the superscripts and fractions of Latin-1 along
		addAlphabetic(s)
		for _, name := range []string{"M", "Nd", "Pc"} {
			addCategory(s, name)
		}
		for _, r := range "²³¹¼½¾" {
			s.add(r, r)
		}
	},
	"upper":  func(s *set) { addCategory(s, "Lu"); s.addTable(unicode.Other_Uppercase) },
	"lower":  func(s *set) { addCategory(s, "Ll"); s.addTable(unicode.Other_Lowercase) },
	"blank":  func(s *set) { addCategory(s, "Zs"); s.add('\t', '\t') },
	"cntrl":  func(s *set) { addCategory(s, "Cc") },
	"ascii":  func(s *set) { s.add(0, 0x7F) },
	"xdigit": func(s *set) { s.add('0', '9'); s.add('a', 'f'); s.add('A', 'F') },
}

func addAlphabetic(s *set) {
	addCategory(s, "L")
	addCategory(s, "Nl")
	s.addTable(unicode.Other_Alphabetic)
	s.addTable(newerAlphabetic)
}

func addCategory(s *set, name string) {
	for _, t := range tablesOf(strings.ToLower(name)) {
		s.addTable(t)
	}
}

// bracketed returns the set of [:name:], which for two names is another than that of \p{name}.
func bracketed(name string) (*set, error) {
	s, err := class(name)
	if err != nil || name != "word" && name != "punct" {
		return s, err
	}
	if name == "punct" {
		symbols, err := class("S")
		if err != nil {
			return nil, err
		}
		all := &set{}
		all.addSet(s)
		all.addSet(symbols)
		return all, nil
	}
	latin := &set{}
	for _, r := range "²³¹¼½¾" {
		latin.add(r, r)
	}
	rest := s.inverted()
	rest.addSet(latin)
	return rest.inverted(), nil
}

// longNames are the names of general categories that expressions use beside the short ones.
var longNames = map[string]string{
	"letter": "l", "uppercaseletter": "lu", "lowercaseletter": "ll", "titlecaseletter": "lt", "modifierletter": "lm", "otherletter": "lo",
	"mark": "m", "nonspacingmark": "mn", "spacingmark": "mc", "enclosingmark": "me",
	"number": "n", "decimalnumber": "nd", "letternumber": "nl", "othernumber": "no",
	"punctuation": "p", "punct": "p", "symbol": "s", "separator": "z", "spaceseparator": "zs",
}

// tablesOf returns the tables of a general category or a script, by its name without spaces, in lower case; nil when there
// is none.
func tablesOf(key string) []*unicode.RangeTable {
	if short, ok := longNames[key]; ok {
		key = short
	}
	var out []*unicode.RangeTable
	for name, t := range unicode.Categories {
		if strings.ToLower(name) == key {
			out = append(out, t)
		}
	}
	for name, t := range newer {
		if low := strings.ToLower(name); low == key || len(key) == 1 && low[:1] == key {
			out = append(out, t)
		}
	}
	if out != nil {
		return out
	}
	for name, t := range unicode.Scripts {
		if strings.ToLower(strings.ReplaceAll(name, "_", "")) == key {
			if more := newerScripts[name]; more != nil {
				return []*unicode.RangeTable{t, more}
			}
			return []*unicode.RangeTable{t}
		}
	}
	return nil
}
