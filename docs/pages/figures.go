package main

import (
	"errors"
	"fmt"
	"go/ast"
	"io"
	"os"
	"strings"

	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// draw makes what the cell of a task shows: a figure, whose file it adds to files, or a card as text.
func draw(files map[string][]byte, t task, m *steer.Model) (picture, error) {
	cell := cells[t.name]
	if cell == nil {
		return picture{}, fmt.Errorf("there is no cell of %s", t.name)
	}
	x := cell(m)
	f, ok := x.(*plotting.Figure)
	if !ok {
		text, err := shown(x)
		return picture{text: text}, err
	}
	b, err := f.PNG()
	if err == nil {
		b, err = small(b)
	}
	if err != nil {
		return picture{}, err
	}
	files["docs/tasks/"+t.slug()+".png"] = b
	return picture{file: t.slug() + ".png", alt: f.Alt()}, nil
}

// shown is what nb.Show writes of a result outside a notebook.
func shown(x any) (string, error) {
	out := os.Stdout
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	all := make(chan []byte)
	go func() { b, _ := io.ReadAll(r); all <- b }() // what is cut short is seen on the page
	os.Stdout = w
	nb.Show(x)
	os.Stdout = out
	err = w.Close()
	return strings.TrimRight(string(<-all), "\n"), errors.Join(err, r.Close())
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
