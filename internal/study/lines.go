package study

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/neuronsteer/neuronsteer/steer"
)

// lines finds the line of a setting, for mistakes that the YAML reader cannot see.
type lines struct {
	path string
	file *ast.File // nil: no line is known
}

func newLines(path string, b []byte) lines {
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return lines{path: path}
	}
	return lines{path, f}
}

// mistake is a mistake at a setting, e.g. "methods[1].kind", or where that is missing, at what it would stand in.
func (l lines) mistake(setting, format string, args ...any) *steer.Error {
	where := l.path
	if n := l.of(setting); n > 0 {
		where = fmt.Sprintf("%s:%d", l.path, n)
	}
	return steer.Errorf(steer.BadSetting, where, format, args...)
}

// of returns the line of a setting, from 1; 0 when it is not known.
func (l lines) of(setting string) int {
	for l.file != nil && setting != "" {
		if p, err := yaml.PathString("$." + setting); err == nil {
			if n, err := p.FilterFile(l.file); err == nil && n != nil && n.GetToken() != nil {
				return first(n)
			}
		}
		cut := strings.LastIndexAny(setting, ".[")
		setting = setting[:max(cut, 0)]
	}
	return 0
}

// first returns the line where a node begins. A mapping's own token is a colon, which may stand after its first key.
func first(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken().Position.Line
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return m.Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}
