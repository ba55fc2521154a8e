package main

import (
	"fmt"
	"go/ast"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// draw draws the figure of a task into files, where it has one.
func draw(files map[string][]byte, t task, m *steer.Model) (picture, error) {
	cell := cells[t.name]
	if cell == nil {
		return picture{}, nil
	}
	f := cell(m)
	b, err := f.PNG()
	if err == nil {
		b, err = small(b)
	}
	if err != nil {
		return picture{}, err
	}
	files["docs/tasks/"+t.slug()+".png"] = b
	return picture{t.slug() + ".png", f.Alt()}, nil
}

// readCells returns the code of every cell by its task, as it is typed into a notebook.
func readCells() (map[string]string, error) {
	c, err := read("docs/pages")
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for name := range cells {
		f := c.function(strings.ToLower(name[:1]) + name[1:] + "Cell")
		if f == nil {
			return nil, fmt.Errorf("there is no cell of %s", name)
		}
		text, err := c.body(f)
		if err != nil {
			return nil, err
		}
		before, shown, ok := strings.Cut(text, "return ")
		if !ok {
			return nil, fmt.Errorf("the cell of %s returns nothing", name)
		}
		codes[name] = before + "nb.Show(" + strings.TrimSpace(shown) + ")\n"
	}
	return codes, nil
}

// function returns a function of the package by its name.
func (c *code) function(name string) *ast.FuncDecl { return c.funcs[name] }
