package jinja

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

func absFilter(_ *machine, v any, _ args) (any, error) {
	if f, ok := v.(float64); ok {
		return math.Abs(f), nil
	}
	n, ok := whole(v)
	if !ok {
		return nil, fmt.Errorf("a %s is no number", typeName(v))
	}
	if n < 0 {
		return integers("-", 0, n)
	}
	return n, nil
}

func floatFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "default")
	if err != nil {
		return nil, err
	}
	if f, ok := number(v); ok {
		return f, nil
	}
	if s, ok := v.(string); ok && len(s) < 400 {
		if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
			return f, nil
		}
	}
	if x[0] == (absent{}) {
		return 0., nil
	}
	return x[0], nil
}

func intFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "default", "base")
	if err != nil {
		return nil, err
	}
	base, err := asInt(x[1], 10)
	if err != nil {
		return nil, err
	}
	if n, ok := whole(v); ok {
		return n, nil
	}
	if s, ok := v.(string); ok && len(s) < 400 && (base == 0 || base >= 2 && base <= 36) {
		s = strings.TrimSpace(s)
		if base == 16 {
			s = strings.TrimPrefix(strings.TrimPrefix(s, "0x"), "0X")
		}
		if n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), base, 64); err == nil {
			return n, nil
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			v = f
		}
	}
	if f, ok := v.(float64); ok && math.Abs(f) < 1<<63 {
		return int64(f), nil
	}
	if x[0] == (absent{}) {
		return int64(0), nil
	}
	return x[0], nil
}

func roundFilter(_ *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "precision", "method")
	if err != nil {
		return nil, err
	}
	digits, err := asInt(x[0], 0)
	if err != nil {
		return nil, err
	}
	how, err := asText(x[1], "common")
	if err != nil {
		return nil, err
	}
	f, ok := number(v)
	if !ok || math.Abs(float64(digits)) > 300 {
		return nil, fmt.Errorf("a %s cannot be rounded to %d digits", typeName(v), digits)
	}
	scale := math.Pow(10, float64(digits))
	switch how {
	case "common":
		if digits >= 0 {
			f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'f', digits, 64), 64) // of a tie the even one, as in Python
			return f, err
		}
		return math.RoundToEven(f*scale) / scale, nil
	case "ceil":
		return math.Ceil(f*scale) / scale, nil
	case "floor":
		return math.Floor(f*scale) / scale, nil
	}
	return nil, fmt.Errorf("the method %q is none of common, ceil and floor", how)
}
