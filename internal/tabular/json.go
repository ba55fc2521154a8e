package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/exactjson"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// lines reads JSON lines: one object each. Empty lines do not count.
func (p *parser) lines(b []byte) {
	p.out.Format = "JSON lines"
	for i, line := range bytes.Split(b, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			p.object(i+1, line)
		}
		if p.full() {
			return
		}
	}
}

// array reads one JSON array of objects.
func (p *parser) array(b []byte) {
	p.out.Format = "a JSON array"
	d := json.NewDecoder(bytes.NewReader(b))
	_, _ = d.Token() // the bracket that whoever calls has seen
	line, at := 1, 0
	for d.More() && !p.full() {
		var raw json.RawMessage
		err := d.Decode(&raw)
		end := int(d.InputOffset())
		start := end - len(raw)
		if err != nil {
			line += bytes.Count(b[at:min(end, len(b))], []byte("\n"))
			p.bad(line, "it is no JSON, or was cut: %v", err)
			return
		}
		line += bytes.Count(b[at:start], []byte("\n"))
		p.object(line, raw)
		line += bytes.Count(b[start:end], []byte("\n"))
		at = end
	}
	if p.full() {
		return
	}
	if _, err := d.Token(); err != nil {
		p.bad(1+bytes.Count(b, []byte("\n")), "the array does not end")
	} else if d.More() {
		p.bad(1+bytes.Count(b[:d.InputOffset()], []byte("\n")), "something follows the array")
	}
}

// object reads one object.
func (p *parser) object(line int, b []byte) {
	if !utf8.Valid(b) {
		p.mistake(engine.Errorf(engine.BadText, "examples", "%s:%d is not UTF-8", p.name, line).Try("convert the file to UTF-8"))
		return
	}
	names, cells, err := object(b)
	if err != nil {
		p.bad(line, "%v", err)
		return
	}
	p.add(line, names, cells)
}

// object takes an object apart. Its keys come in their order.
func object(b []byte) (names []string, cells map[string]Cell, err error) {
	var whole map[string]json.RawMessage
	if err := exactjson.Decode(b, &whole); err != nil {
		return nil, nil, err
	}
	if whole == nil {
		return nil, nil, errors.New("it is null, not an object")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	cells = map[string]Cell{}
	for {
		t, err := d.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("it is no JSON object: %w", err)
		}
		switch t := t.(type) {
		case json.Delim:
			if t == '}' {
				return names, cells, nil
			}
		case string:
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				return nil, nil, fmt.Errorf("it is no JSON object: %w", err)
			}
			names, cells[t] = append(names, t), cell(raw)
		}
	}
}
