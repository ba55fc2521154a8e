package text

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/nodes"
	"github.com/nikolalohinski/gonja/v2/parser"
	"github.com/nikolalohinski/gonja/v2/tokens"
)

// What transformers adds to Jinja for chat templates, and what it does otherwise than Jinja's own.

// today is what strftime_now shows: a fixed day, because a request must mean the same prompt on every day. It is the day
// that templates themselves fall back to where they are not told the date.
var today = time.Date(2024, time.July, 26, 0, 0, 0, 0, time.UTC)

// directives are the parts of a date that templates ask for.
var directives = map[byte]string{'d': "02", 'm': "01", 'Y': "2006", 'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'H': "15", 'M': "04", 'S': "05", 'I': "03", 'p': "PM", 'j': "002"}

// strftime writes today as the format says.
func strftime(format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		if i++; i == len(format) {
			return "", errors.New("strftime_now: the format ends in %")
		}
		layout, ok := directives[format[i]]
		switch {
		case format[i] == '%':
			b.WriteByte('%')
		case !ok:
			return "", fmt.Errorf("strftime_now: %%%c is not supported", format[i])
		default:
			b.WriteString(today.Format(layout))
		}
	}
	return b.String(), nil
}

// maxRange is how long a range may be: the bound of Jinja's sandbox, in which transformers renders.
const maxRange = 100_000

// numbers is Jinja's range(stop), range(start, stop) or range(start, stop, step).
func numbers(_ *exec.Evaluator, args *exec.VarArgs) ([]int, error) {
	bounds := []int{}
	for _, a := range args.Args {
		if !a.IsInteger() {
			return nil, fmt.Errorf("range: %s is not an integer", a)
		}
		bounds = append(bounds, a.Integer())
	}
	start, step := 0, 1
	switch {
	case len(args.KwArgs) > 0 || len(bounds) < 1 || len(bounds) > 3:
		return nil, errors.New("range takes one to three integers")
	case len(bounds) == 3:
		step = bounds[2]
	}
	if len(bounds) > 1 {
		start, bounds = bounds[0], bounds[1:]
	}
	stop, out := bounds[0], []int{}
	if step == 0 {
		return nil, errors.New("range: the step is 0")
	}
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		if len(out) == maxRange {
			return nil, fmt.Errorf("range: more than %d numbers", maxRange)
		}
		out = append(out, i)
	}
	return out, nil
}

// generation is the block {% generation %}, which marks the answers for training. It renders what is in it.
func generation(p *parser.Parser, args *parser.Parser) (nodes.ControlStructure, error) {
	at := p.Current()
	if !args.End() {
		return nil, args.Error("generation takes no arguments", args.Current())
	}
	body, _, err := p.WrapUntil("endgeneration")
	if err != nil {
		return nil, err
	}
	return &block{at, body}, nil
}

type block struct {
	at   *tokens.Token
	body *nodes.Wrapper
}

func (b *block) Position() *tokens.Token { return b.at }
func (b *block) String() string {
	return fmt.Sprintf("generation(Line=%d Col=%d)", b.at.Line, b.at.Col)
}

// Execute renders the body in a scope of its own.
func (b *block) Execute(r *exec.Renderer, _ *nodes.ControlStructureBlock) error {
	return r.Inherit().ExecuteWrapper(b.body)
}
