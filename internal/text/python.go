package text

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/nikolalohinski/gonja/v2/builtins"
	"github.com/nikolalohinski/gonja/v2/exec"
)

// What templates use of Python's lists and strings, where the library differs: an index of −1 in a list of one, and what
// strip and split do when they are not told a character.

// A list is a Python list.
type list []any

// GetItem returns the item at an index that counts from the end when negative.
func (l list) GetItem(key any) (*exec.Value, bool) {
	i, ok := key.(int)
	if ok && i < 0 {
		i += len(l)
	}
	if !ok || i < 0 || i >= len(l) {
		return exec.AsValue(nil), false
	}
	return exec.ToValue(l[i]), true
}

func listOf(parts []string) list {
	l := make(list, len(parts))
	for i, p := range parts {
		l[i] = p
	}
	return l
}

// stringMethods are the methods of Python's strings that the library has; those in ownMethods are replaced.
var stringMethods = []string{"capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "index",
	"isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "join", "ljust",
	"lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit",
	"rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill"}

var ownMethods = map[string]exec.Method[string]{
	"strip":  stripMethod(true, true),
	"lstrip": stripMethod(true, false),
	"rstrip": stripMethod(false, true),
	"split":  splitMethod(false),
	"rsplit": splitMethod(true),
	"replace": func(self string, _ *exec.Value, args *exec.VarArgs) (any, error) {
		n := len(args.Args)
		if n < 2 || n > 3 || len(args.KwArgs) > 0 {
			return nil, errors.New("replace takes what to replace, by what, and perhaps how often")
		}
		most := -1
		if n == 3 {
			most = args.Args[2].Integer()
		}
		return strings.Replace(self, args.Args[0].String(), args.Args[1].String(), most), nil
	},
	"splitlines": func(self string, _ *exec.Value, args *exec.VarArgs) (any, error) {
		if len(args.Args)+len(args.KwArgs) > 0 {
			return nil, errors.New("splitlines takes no setting here")
		}
		self = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(self)
		if self == "" {
			return list{}, nil
		}
		return listOf(strings.Split(strings.TrimSuffix(self, "\n"), "\n")), nil
	},
}

// methods returns what values of a template can do.
func methods() exec.Methods {
	m := builtins.Methods
	all := map[string]exec.Method[string]{}
	for _, name := range stringMethods {
		if f, ok := builtins.Methods.Str.Get(name); ok {
			all[name] = f
		}
	}
	for name, f := range ownMethods {
		all[name] = f
	}
	m.Str = exec.NewMethodSet(all)
	return m
}

// stripMethod removes the given characters, or white space, at the ends.
func stripMethod(left, right bool) exec.Method[string] {
	return func(self string, _ *exec.Value, args *exec.VarArgs) (any, error) {
		cut := unicode.IsSpace
		switch {
		case len(args.KwArgs) > 0 || len(args.Args) > 1:
			return nil, errors.New("strip takes at most the characters to remove")
		case len(args.Args) == 1 && !args.Args[0].IsNil():
			chars := args.Args[0].String()
			cut = func(r rune) bool { return strings.ContainsRune(chars, r) }
		}
		if left {
			self = strings.TrimLeftFunc(self, cut)
		}
		if right {
			self = strings.TrimRightFunc(self, cut)
		}
		return self, nil
	}
}

// splitMethod splits at a separator, or at white space, at most so often, counted from the left or the right.
func splitMethod(right bool) exec.Method[string] {
	return func(self string, _ *exec.Value, args *exec.VarArgs) (any, error) {
		sep, most := exec.AsValue(nil), -1
		given := append([]*exec.Value{}, args.Args...)
		for name, v := range args.KwArgs {
			switch name {
			case "sep":
				sep = v
			case "maxsplit":
				most = v.Integer()
			default:
				return nil, fmt.Errorf("split has no setting %s", name)
			}
		}
		if len(given) > 2 {
			return nil, errors.New("split takes a separator and a count")
		}
		if len(given) > 0 {
			sep = given[0]
		}
		if len(given) > 1 {
			most = given[1].Integer()
		}
		switch {
		case sep.IsNil() && most < 0:
			return listOf(strings.Fields(self)), nil
		case sep.IsNil():
			return nil, errors.New("split at white space with a count is not supported")
		case sep.String() == "":
			return nil, errors.New("split: the separator is empty")
		}
		return listOf(splitAt(self, sep.String(), most, right)), nil
	}
}

func splitAt(s, sep string, most int, right bool) []string {
	all := strings.Split(s, sep)
	n := len(all) - most // how many parts stay together
	switch {
	case most < 0 || n <= 1:
		return all
	case right:
		return append([]string{strings.Join(all[:n], sep)}, all[n:]...)
	}
	return append(all[:most:most], strings.Join(all[most:], sep))
}
