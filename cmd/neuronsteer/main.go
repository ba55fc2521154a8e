// Command neuronsteer finds, steers and explains the neuron circuits of Llama-family language models.
//
//	neuronsteer demo                  the story of the quickstart notebook in the terminal, figures to files
//	neuronsteer repl                  a session in the terminal: prompt, discover, ablate, amplify, sweep
//	neuronsteer run FILE.yaml         a study as one file, resumable, results to a folder
//	neuronsteer report FILE.ipynb     one offline page of what a notebook or a study found
//	neuronsteer verify FILE           is what a report or an executed notebook shows what was computed?
//	neuronsteer capsule FILE          a report or notebook with its results, to be run again at 0 passes
//	neuronsteer pull NAME             download a model, known or of the Hugging Face hub, verified
//	neuronsteer check DIR…            compare this program with golden cases
//	neuronsteer serve                 the resident process of a notebook session (started by the notebook itself)
//	neuronsteer cache                 list, count or prune the stored results
//	neuronsteer backend               list what can compute, or add a plugin
//	neuronsteer kernel                register the notebook kernel with Jupyter, begin a notebook
//	neuronsteer convert FILE TO       data from one format to another: CSV, TSV, JSON, parquet and more
//	neuronsteer version               what this program is
//
// "neuronsteer help COMMAND", or -h after a command, lists its flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/device"
	"github.com/neuronsteer/neuronsteer/internal/repl"
	"github.com/neuronsteer/neuronsteer/internal/study"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/internal/wording"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A command is one word after the program's name. run defines its flags on f and has them read from args.
type command struct {
	name, args, about string
	run               func(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error
	more              string // what else its help says
}

// computes says whether a command opens models.
func (c command) computes() bool {
	return slices.Contains([]string{"demo", "repl", "run", "check", "serve", "verify"}, c.name)
}

var commands = []command{
	{"demo", "[-model NAME] [-out DIR]", "the quickstart's story in the terminal, figures to files", demo, ""},
	{"repl", "[-model NAME] [-chat] [-temperature X …]", "a session in the terminal: prompt, discover, ablate, amplify, sweep", interactive, "\nWhat can be typed in a session\n\n" + repl.Help() + "\n"},
	{"run", "FILE.yaml [-out DIR]", "a study as one file, resumable, results to a folder", runStudy, studyHelp + "\n" + study.Help() + "\n"},
	{"report", "[-o FILE] FILE.ipynb | DIR", "one offline page of what a notebook or a study found", reports, reportHelp},
	{"verify", "[-sample N] [-execute] FILE…", "is what a report or notebook shows what was computed?", verifies, verifyHelp},
	{"capsule", "[-o FILE.zip] FILE | open FILE.zip", "a report or notebook with its results, to be run again elsewhere", capsules, capsuleHelp},
	{"pull", "NAME | org/model[@REVISION]", "download a model, verified", pull, pullHelp},
	{"check", "[-model NAME] DIR…", "compare this program with golden cases, or with transformers", check, ""},
	{"serve", "--session DIR", "the resident process of a notebook session", serve, ""},
	{"cache", "[stats | list | prune [-max N]]", "count, list or prune the stored results", cache, ""},
	{"backend", "[add NAME=PATH]", "list what can compute, or add a plugin of XLA for a GPU", backend, ""},
	{"kernel", "install | remove | template", "the notebook kernel: register it with Jupyter; a notebook to begin with", kernel, kernelHelp},
	{"convert", "FILE TO", "data from one format to another: CSV, TSV, JSON, parquet and more", convert, convertHelp},
	{"version", "", "what this program is", version, ""},
}

// errFailed ends the program with 1 after everything has been said.
var errFailed = errors.New("failed")

// Exit codes. A reader that has seen enough (neuronsteer … | head) is told apart from an output that is full.
const (
	exitFailed  = 1
	exitStopped = 130 // as a shell has it after Ctrl-C
	exitClosed  = 141 // as a shell has it after a closed pipe
)

// mostMistakes is how many mistakes are said of one input: who has mended these sees the next.
const mostMistakes = 20

func main() { os.Exit(start(os.Args[1:], os.Stdout, os.Stderr)) }

// start runs a command and returns the exit code. A first Ctrl-C lets the command end in order, a second ends the program
// at once.
func start(args []string, stdout, stderr io.Writer) int {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // so that a write to a closed pipe is an error, not the end
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ending = append(ending, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ending...)
	defer stop()
	context.AfterFunc(ctx, stop)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	out := newOutput(stdout, end)
	err := run(ctx, args, out)
	if werr := out.finish(); errors.Is(werr, syscall.EPIPE) {
		return exitClosed
	} else if werr != nil {
		err = engine.Errorf(steer.BadFile, "", "the output cannot be written: %v", werr).Try("make room, or send it elsewhere")
	}
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "neuronsteer: stopped")
		return exitStopped
	}
	all := engine.Mistakes(err)
	for _, m := range all[:min(len(all), mostMistakes)] {
		fmt.Fprintln(stderr, "neuronsteer:", visible.Stream(surface(args).Mistake(m)))
	}
	if more := len(all) - mostMistakes; more > 0 {
		fmt.Fprintf(stderr, "neuronsteer: and %d more mistakes\n", more)
	}
	return exitFailed
}

// surface is where the person who typed args reads and types.
func surface(args []string) wording.Surface {
	switch {
	case len(args) > 0 && args[0] == "repl":
		return wording.Session
	case len(args) > 0 && args[0] == "run":
		return wording.Study
	}
	return wording.Command
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		args = []string{"help"}
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) == 2 && args[1] == "-markdown" {
			return helpPage(ctx, out)
		}
		if len(args) == 1 || args[1] == "help" || strings.HasPrefix(args[1], "-") {
			usage(out)
			return nil
		}
		args = []string{args[1], "-h"}
	case "-version", "--version":
		args = []string{"version"}
	}
	for _, c := range commands {
		if c.name == args[0] {
			f := flag.NewFlagSet(c.name, flag.ContinueOnError)
			f.SetOutput(io.Discard) // a mistake is said once, by main
			if c.computes() {
				f.Func("backend", "what computes, by its `NAME`; neuronsteer backend lists them", func(name string) error {
					return os.Setenv(device.Env, name)
				})
			}
			err := c.run(ctx, f, args[1:], out)
			if errors.Is(err, flag.ErrHelp) {
				c.usage(f, out)
			}
			return err
		}
	}
	return engine.Errorf(steer.BadSetting, "", "there is no command %q", args[0]).Try("type: neuronsteer help")
}

func usage(out io.Writer) {
	fmt.Fprintln(out, "neuronsteer finds, steers and explains the neuron circuits of Llama-family language models.")
	fmt.Fprintln(out)
	for _, c := range commands {
		fmt.Fprintf(out, "  neuronsteer %-8s %-32s %s\n", c.name, c.args, c.about)
	}
	fmt.Fprintln(out, "\nneuronsteer help COMMAND lists its flags.")
}

// usage prints one command's usage, with the flags that it has defined on f.
func (c command) usage(f *flag.FlagSet, out io.Writer) {
	fmt.Fprintf(out, "usage: neuronsteer %s\n  %s\n", strings.TrimSpace(c.name+" "+c.args), c.about)
	f.SetOutput(out)
	f.PrintDefaults()
	fmt.Fprint(out, c.more)
}

// words reads a command's flags, before, between or after its words, and returns the words.
func words(f *flag.FlagSet, args []string) (ws []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, engine.Errorf(steer.BadSetting, f.Name(), "%v", err).Try("type: neuronsteer help %s", f.Name())
		}
		if f.NArg() == 0 {
			return ws, nil
		}
		ws, args = append(ws, f.Arg(0)), f.Args()[1:]
	}
}

// none reads the flags of a command that takes no words.
func none(f *flag.FlagSet, args []string) error {
	ws, err := words(f, args)
	if err == nil && len(ws) > 0 {
		return tooMany(f, ws[0])
	}
	return err
}

func tooMany(f *flag.FlagSet, word string) error {
	return engine.Errorf(steer.BadSetting, f.Name(), "%q is one word too many", word).Try("type: neuronsteer help %s", f.Name())
}
