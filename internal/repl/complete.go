package repl

import (
	"slices"
	"strings"
)

// Complete completes the word before pos of a line: a command, a circuit's name, a target, on or off. It returns the line
// with what all candidates have in common, and the candidates where they are several and nothing could be added.
func (s *Session) Complete(line string, pos int) (newLine string, newPos int, options []string) {
	before, after := line[:pos], line[pos:]
	name, _ := cut(before)
	word, all := name, []string(nil)
	if !strings.ContainsAny(strings.TrimLeft(before, " \t"), " \t") {
		for _, c := range commands() {
			all = append(all, c.name)
		}
	} else {
		rest := strings.TrimLeft(before[strings.Index(before, name)+len(name):], " \t")
		word, all = rest, s.arguments(name)
		if name == "amplify" && strings.ContainsAny(rest, " \t") {
			all = nil
		}
	}
	var fit []string
	for _, c := range all {
		if strings.HasPrefix(c, word) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return line, pos, nil
	}
	common := fit[0]
	for _, c := range fit[1:] {
		for !strings.HasPrefix(c, common) {
			common = common[:len(common)-1]
		}
	}
	common = strings.ToValidUTF8(common, "")
	if len(fit) == 1 {
		common += " "
		after = strings.TrimLeft(after, " ")
	} else if len(common) <= len(word) {
		return line, pos, fit
	}
	start := before[:len(before)-len(word)]
	return start + common + after, len(start) + len(common), nil
}

// arguments lists what can follow a command.
func (s *Session) arguments(name string) []string {
	switch name {
	case "load", "save":
		names, err := s.feature("").Names()
		if err != nil {
			return nil // the command itself will say
		}
		return names
	case "ablate", "amplify":
		out := []string{"all", "top10", "top20", "top50"}
		for _, e := range s.circuit.Entries() {
			out = append(out, e.Neuron.String())
		}
		return slices.Compact(out)
	case "chat":
		return []string{"on", "off"}
	case "help":
		var out []string
		for _, c := range commands() {
			out = append(out, c.name)
		}
		return out
	}
	return nil
}

// columns lists options on lines of about 80 characters, at most 40 of them.
func columns(options []string) string {
	const most = 40
	var b strings.Builder
	width := 0
	for i, o := range options {
		if i == most {
			b.WriteString("  …")
			break
		}
		if width += len(o) + 2; width > 80 {
			b.WriteString("\n")
			width = len(o) + 2
		}
		b.WriteString("  " + o)
	}
	return b.String()
}
