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

// A section is commands of one purpose.
type section struct {
	title    string
	commands []command
}

// sections lists them as help does. It is a function, for help stands in the table that it lists.
func sections() []section {
	return []section{
		{"the prompt", []command{
			{"prompt", "<text>", "run a prompt and show what the model says; alone: the current one", (*Session).doPrompt},
			{"chat", "[on | off]", "read prompts by the model's chat template or as they are", (*Session).setChat},
			{"tokens", "[text]", "how the model reads a text; alone: the prompt", (*Session).tokens},
			{"top", "[k]", "the k likeliest next tokens (10), the circuit times the multiplier", (*Session).top},
			{"multiplier", "[value]", "what 'top' multiplies the circuit by; alone: show it", (*Session).setMultiplier},
			{"lens", "[position]", "what the model would say after each layer, at the last token or another, from 0", (*Session).lens},
		}},
		{"a circuit", []command{
			{"discover", `["target"] ["other"]`, `find the circuit behind a token, e.g. discover " Paris"; alone: the model's first choice`, (*Session).discover},
			{"heads", "[k]", "take the k attention heads (10) behind the token of discover as the circuit", (*Session).heads},
			{"behavior", "[k]", "the k neurons (200) behind the targets of the examples, found on their train half", (*Session).behavior},
			{"contrast", "[k]", "the k neurons (200) that are more active on one side of the pairs than on the other", (*Session).contrast},
			{"decompose", "[k]", "the k neurons (200) that write the vector", (*Session).decompose},
			{"layers", "<first> [last]", "keep only the circuit's units of these layers", (*Session).layers},
			{"universal", "", "leave neurons that are active whatever the text out of the circuit", (*Session).universal},
			{"save", "<name>", "keep the circuit", (*Session).save},
			{"load", "[name | file]", "take a kept circuit and its prompt; alone: list the names", (*Session).load},
		}},
		{"what it does", []command{
			{"ablate", "[L<layer>/N<neuron> | L<layer>/H<head> | top<N> | all]", "continue the prompt without these neurons", (*Session).ablate},
			{"amplify", "[target] [multiplier]", "continue the prompt with these neurons times 2, or the multiplier", (*Session).amplify},
			{"sweep", "[m1 m2 …]", "continue the prompt with the circuit times each, and how far each moves the target's lead; alone: 0 0.5 1 1.5 2", (*Session).sweep},
			{"instruct", "<instruction>", "how far an instruction in the prompt moves the target's lead, beside the circuit times 0 to 2", (*Session).instruct},
			{"calibrate", "[nats] [down]", "the multiplier at which neutral texts change by 0.1 nats, or by as many as given; down: toward 0", (*Session).calibrate},
			{"patch", "[k]", "what each of the k strongest units (10) does alone, set to zero, beside its score", (*Session).patch},
		}},
		{"how it works", []command{
			{"edges", "[targets]", "what the circuit's neurons give to its strongest (30) and to the target token", (*Session).edges},
			{"groups", "[k]", "the circuit's neurons by what they read and write, in k groups; alone: as many as fit best", (*Session).groups},
			{"writes", "[k]", "the tokens that each of the k strongest neurons (10) promotes and demotes", (*Session).writes},
			{"contexts", "[k]", "where in the examples, or in neutral texts, each of the k strongest neurons (10) is most active", (*Session).contexts},
		}},
		{"how sure", []command{
			{"examples", "[file.jsonl | off]", `take examples, a line each like {"prompt": …, "target": " Paris", "versus": " Rome"}; alone: show them`, (*Session).takeExamples},
			{"controls", "[n]", "let sweep and faithful measure n random circuits too, and sweep the price on neutral texts; alone: show how many", (*Session).setControls},
			{"baseline", "", "does the model show the behavior of the examples, or of the prompt, at all?", (*Session).baseline},
			{"faithful", "[k1 k2 …]", "how much of the target's lead the first k units carry, all others set to zero; alone: 1 to all", (*Session).faithful},
			{"methods", "[k]", "seven ways to find k neurons (20) of the behavior, side by side", (*Session).methods},
			{"stability", "[k]", "in how many of all reasonable circuits of k neurons (20), half and twice as many, each neuron is", (*Session).stability},
			{"verdict", "", "which criteria of the circuit are met by what has been computed, and which are not tested", (*Session).verdict},
		}},
		{"a vector", []command{
			{"pairs", "[file.jsonl | off]", `take pairs of prompts, a line each like {"positive": …, "negative": …}; alone: show them`, (*Session).takePairs},
			{"vector", "[file]", "the direction from the pairs' negatives to their positives, or one of a file", (*Session).takeVector},
			{"add", "[x]", "continue the prompt with x (1) times the vector added", (*Session).add},
			{"project", "[x]", "continue the prompt with x (1) times the vector's direction taken out", (*Session).project},
			{"when", "<layer> [above [prompt]] | off", "let changes act only where the vector's projection after a layer is above a number; without one: show projections", (*Session).setCondition},
		}},
		{"the session", []command{
			{"info", "", "show prompt, circuit, multiplier and what else is set", (*Session).state},
			{"help", "[command]", "this list", (*Session).help},
			{"quit", "", "end the session", (*Session).quit},
			{"exit", "", "end the session", (*Session).quit},
		}},
	}
}

// commands is all of them.
func commands() (all []command) {
	for _, x := range sections() {
		all = append(all, x.commands...)
	}
	return all
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// String is the command's line of help.
func (c command) String() string {
	return fmt.Sprintf("%-32s %s", strings.TrimSpace(c.name+" "+c.args), c.about)
}

// Help lists every command, by what it is for.
func Help() string {
	var b strings.Builder
	for i, x := range sections() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", x.title)
		for _, c := range x.commands {
			fmt.Fprintf(&b, "  %s\n", c)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (s *Session) help(_ context.Context, args string) error {
	name := strings.TrimSpace(args)
	if c, ok := find(name); ok {
		s.say("  %s", c)
	} else if name != "" {
		s.say("Unknown command: %s. Type 'help' for commands.", name)
	} else {
		s.say("%s", Help())
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
