package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A command is the first word of a line.
type command struct {
	name, args, about string
	run               func(s *Session, ctx context.Context, args string) error
}

// commands lists them as help does. It is a function, for help stands in the table that it lists.
func commands() []command {
	return []command{
		{"prompt", "<text>", "run a prompt and show what the model says; alone: the current one", (*Session).doPrompt},
		{"discover", `["target"] ["other"]`, `find the circuit behind a token, e.g. discover " Paris"; alone: the model's first choice`, (*Session).discover},
		{"heads", "[k]", "take the k attention heads (10) behind the token of discover as the circuit", (*Session).heads},
		{"edges", "[targets]", "what the circuit's neurons give to its strongest (30) and to the target token", (*Session).edges},
		{"groups", "[k]", "the circuit's neurons by what they read and write, in k groups; alone: as many as fit best", (*Session).groups},
		{"ablate", "[L<layer>/N<neuron> | L<layer>/H<head> | top<N> | all]", "continue the prompt without these neurons", (*Session).ablate},
		{"amplify", "[target] [multiplier]", "continue the prompt with these neurons times 2, or the multiplier", (*Session).amplify},
		{"sweep", "[m1 m2 …]", "continue the prompt with the circuit times each; alone: 0 0.5 1 1.5 2", (*Session).sweep},
		{"calibrate", "[nats] [down]", "the multiplier at which neutral texts change by 0.1 nats, or by as many as given; down: toward 0", (*Session).calibrate},
		{"instruct", "<instruction>", "how far an instruction in the prompt moves the target's lead, beside the circuit times 0 to 2", (*Session).instruct},
		{"faithful", "[k1 k2 …]", "how much of the target's lead the first k units carry, all others set to zero; alone: 1 to all", (*Session).faithful},
		{"patch", "[k]", "what each of the k strongest units (10) does alone, set to zero, beside its score", (*Session).patch},
		{"verdict", "", "which criteria of the circuit are met by what has been computed, and which are not tested", (*Session).verdict},
		{"top", "[k]", "the k likeliest next tokens (10), the circuit times the multiplier", (*Session).top},
		{"save", "<name>", "keep the circuit", (*Session).save},
		{"load", "[name | file]", "take a kept circuit and its prompt; alone: list the names", (*Session).load},
		{"multiplier", "[value]", "what 'top' multiplies the circuit by; alone: show it", (*Session).setMultiplier},
		{"chat", "[on | off]", "read prompts by the model's chat template or as they are", (*Session).setChat},
		{"info", "", "show prompt, circuit and multiplier", (*Session).state},
		{"help", "[command]", "this list", (*Session).help},
		{"quit", "", "end the session", (*Session).quit},
		{"exit", "", "end the session", (*Session).quit},
	}
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func (s *Session) help(_ context.Context, args string) error {
	name := strings.TrimSpace(args)
	if _, ok := find(name); name != "" && !ok {
		s.say("Unknown command: %s.", name)
		return nil
	}
	for _, c := range commands() {
		if name == "" || name == c.name {
			s.say("  %-60s %s", strings.TrimSpace(c.name+" "+c.args), c.about)
		}
	}
	return nil
}

func (s *Session) quit(context.Context, string) error {
	s.over = true
	s.say("Bye!")
	return nil
}

// usage is the answer to arguments that a command cannot read.
func (s *Session) usage(name, why string, args ...any) error {
	c, _ := find(name)
	if why = fmt.Sprintf(why, args...); why != "" {
		why += ". "
	}
	s.say("%sUsage: %s", why, strings.TrimSpace(c.name+" "+c.args))
	return nil
}
