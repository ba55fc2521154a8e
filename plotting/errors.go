package plotting

import (
	"errors"
	"fmt"
)

// What can be wrong with a figure; errors.Is finds them in what PNG, SVG, PDF and Save return.
var (
	ErrNoData   = errors.New("plotting: nothing to draw")
	ErrNaN      = errors.New("plotting: a value is not a number")
	ErrInfinity = errors.New("plotting: a value is infinite")
	ErrShape    = errors.New("plotting: lengths do not agree")
	ErrSign     = errors.New("plotting: support below zero or opposition above it")
	ErrRange    = errors.New("plotting: a value lies outside of what it can be")
	ErrSize     = errors.New("plotting: the figure is too small or too large")
	ErrPlot     = errors.New("plotting: what was done to the plot cannot be drawn")
	ErrFormat   = errors.New("plotting: unknown file format")
)

// A problem is one mistake: the sentinel it is a case of, and the whole message.
type problem struct {
	kind error
	text string
}

func (p *problem) Error() string { return p.text }
func (p *problem) Unwrap() error { return p.kind }

// problemf returns a problem whose text reads "where: what; hint".
func problemf(kind error, where, hint, format string, args ...any) error {
	return &problem{kind, where + ": " + fmt.Sprintf(format, args...) + "; " + hint}
}
