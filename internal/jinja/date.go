package jinja

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// today is what strftime_now shows: a fixed day, because a request must mean the same prompt on every day. It is the day
// that templates themselves fall back to where they are not told the date.
var today = time.Date(2024, time.July, 26, 0, 0, 0, 0, time.UTC)

// directives are the parts of a date that templates ask for.
var directives = map[byte]string{'d': "02", 'm': "01", 'Y': "2006", 'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'H': "15", 'M': "04", 'S': "05", 'I': "03", 'p': "PM", 'j': "002", 'F': "2006-01-02", 'T': "15:04:05"}

// strftime writes today as the format says.
func strftime(m *machine, a args) (any, error) {
	v, err := a.bind(1, "format")
	if err != nil {
		return nil, err
	}
	format, err := asText(v[0], "")
	if err != nil {
		return nil, err
	}
	if err := m.build(10 * len(format)); err != nil {
		return nil, err
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		if i++; i == len(format) {
			return nil, errors.New("the format ends in %")
		}
		layout, ok := directives[format[i]]
		switch {
		case format[i] == '%':
			b.WriteByte('%')
		case format[i] == '-' && i+1 < len(format) && directives[format[i+1]] != "": // without a leading zero
			i++
			b.WriteString(strings.TrimLeft(today.Format(directives[format[i]]), "0"))
		case !ok:
			return nil, fmt.Errorf("%%%c is not supported", format[i])
		default:
			b.WriteString(today.Format(layout))
		}
	}
	return b.String(), nil
}
