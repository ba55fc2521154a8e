// Command neuronsteer finds, steers and explains the neuron circuits of Llama-family language models.
//
//	neuronsteer demo                  the story of the quickstart notebook in the terminal, figures to files
//	neuronsteer repl                  a session in the terminal: prompt, discover, ablate, amplify, sweep
//	neuronsteer run FILE.yaml         a study as one file, resumable, results to a folder
//	neuronsteer pull NAME             download a known model, verified
//	neuronsteer check DIR…            compare this program with golden cases
//	neuronsteer serve                 the resident process of a notebook session (started by the notebook itself)
//	neuronsteer cache                 list, count or prune the stored results
//	neuronsteer version               what this program is
//
// Every command has -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A command is one word after the program's name.
type command struct {
	name, args, about string
	run               func(ctx context.Context, args []string, out io.Writer) error
}

var commands = []command{
	{"demo", "[-model NAME] [-out DIR]", "the quickstart's story in the terminal, figures to files", demo},
	{"repl", "[-model NAME]", "a session in the terminal: prompt, discover, ablate, amplify, sweep", interactive},
	{"run", "FILE.yaml [-out DIR]", "a study as one file, resumable, results to a folder", runStudy},
	{"pull", "NAME", "download a known model, verified", pull},
	{"check", "[-model NAME] DIR…", "compare this program with golden cases", check},
	{"serve", "-session DIR", "the resident process of a notebook session", serve},
	{"cache", "list | stats | prune", "the stored results", cache},
	{"version", "", "what this program is", version},
}

// errFailed ends the program with 1 after everything has been said.
var errFailed = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errFailed):
		os.Exit(1)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "neuronsteer: stopped")
		os.Exit(130)
	default:
		for _, m := range steer.Mistakes(err) {
			fmt.Fprintln(os.Stderr, "neuronsteer:", m)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(out)
		return nil
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(ctx, args[1:], out)
		}
	}
	return steer.Errorf(steer.BadSetting, "", "unknown command %q", args[0]).Try("neuronsteer help lists the commands")
}

func usage(out io.Writer) {
	fmt.Fprintln(out, "neuronsteer finds, steers and explains the neuron circuits of language models.")
	fmt.Fprintln(out)
	for _, c := range commands {
		fmt.Fprintf(out, "  neuronsteer %-8s %-26s %s\n", c.name, c.args, c.about)
	}
}

// flags returns a flag set that reports mistakes as errors and prints its usage to out.
func flags(c string, out io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("neuronsteer "+c, flag.ContinueOnError)
	f.SetOutput(out)
	return f
}
