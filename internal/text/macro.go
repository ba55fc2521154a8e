package text

import (
	"errors"
	"fmt"

	"github.com/nikolalohinski/gonja/v2/builtins"
	controlstructures "github.com/nikolalohinski/gonja/v2/builtins/control_structures"
	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/nodes"
	"github.com/nikolalohinski/gonja/v2/parser"
)

// A macro that calls itself without end would fill the stack, which ends the process and takes the loaded model along; in
// Jinja it is an error of the template. So calls are counted.

// maxCalls is how deep calls of macros may be nested: no template needs more, and any stack holds it.
const maxCalls = 200

// callsName is where a rendering keeps its count: a name that no template can write.
const callsName = "calls of macros"

// statements are the control structures that a chat template may use: those of the library that need no other file.
var statements = []string{"break", "call", "continue", "do", "filter", "for", "if", "raw", "set", "with"}

// controlStructures returns the statements of a template.
func controlStructures() (*exec.ControlStructureSet, error) {
	all := map[string]parser.ControlStructureParser{"generation": generation}
	for _, name := range statements {
		parse, ok := builtins.ControlStructures.Get(name)
		if !ok {
			return nil, fmt.Errorf("the library has no statement %q", name)
		}
		all[name] = parse
	}
	macro, ok := builtins.ControlStructures.Get("macro")
	if !ok {
		return nil, errors.New("the library has no macros")
	}
	all["macro"] = func(p *parser.Parser, args *parser.Parser) (nodes.ControlStructure, error) {
		c, err := macro(p, args)
		if m, ok := c.(*controlstructures.MacroControlStructure); ok && err == nil {
			return counted{m}, nil
		}
		return c, err
	}
	return exec.NewControlStructureSet(all), nil
}

// counted is a macro whose calls are counted.
type counted struct {
	*controlstructures.MacroControlStructure
}

// Execute defines the macro.
func (c counted) Execute(r *exec.Renderer, tag *nodes.ControlStructureBlock) error {
	if err := c.MacroControlStructure.Execute(r, tag); err != nil {
		return err
	}
	context := r.Environment.Context
	defined, _ := context.Get(c.Name)
	macro, ok := defined.(exec.Macro)
	if !ok {
		return fmt.Errorf("the macro %s is not defined as one", c.Name)
	}
	context.Set(c.Name, exec.Macro(func(args *exec.VarArgs) *exec.Value {
		if depth, ok := context.Get(callsName); ok {
			if n, ok := depth.(*int); ok {
				if *n++; *n > maxCalls {
					return exec.AsValue(fmt.Errorf("calls of the macro %s are nested more than %d deep", c.Name, maxCalls))
				}
				defer func() { *n-- }()
			}
		}
		return macro(args)
	}))
	return nil
}
