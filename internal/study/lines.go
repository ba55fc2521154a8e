package study

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"go.yaml.in/yaml/v3"
)

// lines finds the line of a setting, for mistakes that the YAML reader cannot see.
type lines struct {
	path string
	root *yaml.Node // nil: no line is known
}

func newLines(path string, b []byte) lines {
	var n yaml.Node
	if yaml.Unmarshal(b, &n) != nil || len(n.Content) == 0 {
		return lines{path: path}
	}
	return lines{path, n.Content[0]}
}

// mistake is a mistake at a setting, e.g. "methods[1].kind", or where that is missing, at what it would stand in.
func (l lines) mistake(setting, format string, args ...any) *steer.Error {
	where := l.path
	if n := l.of(setting); n > 0 {
		where = fmt.Sprintf("%s:%d", l.path, n)
	}
	return engine.Errorf(steer.BadSetting, where, format, args...)
}

// of returns the line of a setting or of the innermost part of its path that is there, from 1; 0 when none is.
func (l lines) of(setting string) (line int) {
	at := l.root
	for name := range strings.FieldsFuncSeq(setting, func(r rune) bool { return strings.ContainsRune(".[]", r) }) {
		if at = child(at, name); at == nil {
			return line
		}
		line = at.Line
	}
	return line
}

// child returns the value of a key or the item of a number; nil where there is none.
func child(n *yaml.Node, name string) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n == nil:
	case n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				return n.Content[i+1]
			}
		}
	case n.Kind == yaml.SequenceNode:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
	}
	return nil
}
