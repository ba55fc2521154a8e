package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/kernelproxy"
	"github.com/neuronsteer/neuronsteer/internal/kernelspec"
	"github.com/neuronsteer/neuronsteer/internal/progress"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const kernelHelp = `
  install    register the kernel "Go (neuronsteer)" with Jupyter, by default for this user, and compile once what every
             cell is made of, which the first cell would wait for otherwise
  remove     take it away again, from where install with the same flags has put it
  template [FILE.ipynb]
             write a notebook to begin with: a behavior, its neurons, and what is left without them
  run FILE   be the kernel of a connection file; Jupyter starts this

JupyterLab's launcher has two cards then: "Go (neuronsteer)" for an empty notebook, "First steps (neuronsteer)" for the template.
Notebooks need no import cell: nb, plotting and steer are there, in any folder. gonb and goimports run the cells; they
are looked for beside this program, in the clone, and on the PATH, and with gopls there is completion.
`

// kernel registers the notebook kernel, or is it.
func kernel(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	user := f.Bool("user", false, "for every Jupyter of this user (the default)")
	prefix := f.String("prefix", "", "for the Python environment in the folder `DIR`")
	environment := f.Bool("sys-prefix", false, "for the Python environment that is active")
	uncompiled := f.Bool("no-compile", false, "install: compile nothing; the first cell waits for it then")
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	what := ""
	if len(ws) > 0 {
		what = ws[0]
	}
	var data string
	switch {
	case what == "run":
		if len(ws) != 2 {
			return engine.Errorf(steer.BadSetting, "kernel", "run wants one connection file, and got %d words", len(ws)-1).Try("leave it to Jupyter")
		}
		// A Ctrl-C is an interrupt of the cell, not the end.
		ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		return kernelproxy.Run(ctx, ws[1])
	case what == "template":
		if len(ws) > 2 {
			return tooMany(f, ws[2])
		}
		return writeTemplate(append(ws, "neuronsteer.ipynb")[1], out)
	case what != "install" && what != "remove":
		return engine.Errorf(steer.BadSetting, "kernel", "there is no %q to do with a kernel", what).Try("type: neuronsteer kernel install")
	case len(ws) > 1:
		return tooMany(f, ws[1])
	case *prefix != "" && (*user || *environment) || *user && *environment:
		return engine.Errorf(steer.BadSetting, "kernel", "-user, -prefix and -sys-prefix are three places").Try("name one")
	case *prefix != "":
		data, err = kernelspec.Prefix(*prefix)
	case *environment:
		data, err = kernelspec.Environment()
	default:
		data, err = kernelspec.User()
	}
	if err != nil {
		return engine.Errorf(steer.BadSetting, "kernel", "%v", err).Try("name the environment's folder: neuronsteer kernel %s -prefix DIR", what)
	}
	if what == "remove" {
		removed, err := kernelspec.Remove(data)
		if err != nil {
			return engine.Errorf(steer.BadFile, "kernel", "%v", err)
		}
		if !removed {
			fmt.Fprintf(out, "there is no kernel %s in %s\n", kernelspec.Name, data)
			return nil
		}
		fmt.Fprintf(out, "removed the kernel %q\n", kernelspec.Title)
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := kernelspec.Install(data, filepath.Clean(program))
	if err != nil {
		return engine.Errorf(steer.BadFile, "kernel", "%v", err).Try("type: neuronsteer kernel install -user")
	}
	fmt.Fprintf(out, "registered the kernel %q in %s\n", kernelspec.Title, dir)
	if !*uncompiled {
		compileCells(ctx, out)
	}
	return nil
}

// compileCells compiles what a first cell would wait for. Where that cannot be done it says why: the kernel is registered, and
// says the same until it is mended.
func compileCells(ctx context.Context, out io.Writer) {
	start := time.Now()
	began := func(about time.Duration) {
		fmt.Fprintf(out, "compiling once what cells are made of: about %s\n", progress.Seconds(about))
	}
	f, err := kernelproxy.Fill(ctx, began)
	switch {
	case err != nil:
		fmt.Fprintf(out, "nothing is compiled for cells yet: %v\n", err)
	case f.Packages == 0 && f.Unpacked:
		fmt.Fprintf(out, "unpacked what cells are made of in %s\n", progress.Seconds(time.Since(start)))
	case f.Packages == 0:
		fmt.Fprintln(out, "what cells are made of is compiled")
	default:
		fmt.Fprintf(out, "compiled in %s, packages: %d\n", progress.Seconds(time.Since(start)), f.Packages)
	}
	if err == nil && f.Folder == "" {
		fmt.Fprintf(out, "Go's own cache has it, which forgets what is not used for five days: set %s to a folder that can be written\n", kernelproxy.CacheEnv)
	}
}

// writeTemplate writes a new notebook; one that is there stays.
func writeTemplate(path string, out io.Writer) error {
	if _, err := os.Lstat(path); err == nil {
		return engine.Errorf(steer.BadFile, "kernel", "%s is there already", path).Try("name another file: neuronsteer kernel template NAME.ipynb")
	}
	if err := atomicfile.Write(path, kernelspec.Template(), 0o644); err != nil {
		return engine.Errorf(steer.BadFile, "kernel", "%v", err).Try("name another file: neuronsteer kernel template NAME.ipynb")
	}
	fmt.Fprintf(out, "wrote %s; open it in JupyterLab\n", path)
	return nil
}
