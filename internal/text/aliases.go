package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// The library recognizes either every marker of a text or none. A text in which some are markers and others only look
// like one is therefore read by an instance of the tokenizer whose markers have other names, which no text holds.

// alias returns the name of the i-th marker in that instance.
func alias(i int) string { return opening + strconv.Itoa(i) + closing }

// renamed returns tokenizer.json with the markers renamed, ids and all else as they are.
func renamed(data []byte, markers []string) ([]byte, error) {
	names := make(map[string]json.RawMessage, len(markers))
	for i, m := range markers {
		if _, ok := names[m]; !ok { // find names the first of two that are alike
			names[m] = json.RawMessage(`"` + alias(i) + `"`)
		}
	}
	file, err := object(data)
	if err != nil {
		return nil, err
	}
	var added []map[string]json.RawMessage
	if err := json.Unmarshal(file["added_tokens"], &added); err != nil {
		return nil, err
	}
	for _, a := range added {
		if string(a["special"]) == "true" {
			rename(a, "content", names)
		}
	}
	model, err := object(file["model"])
	if err != nil {
		return nil, err
	}
	rename(model, "unk_token", names)
	if model["vocab"], err = renamedVocab(model["vocab"], names); err != nil {
		return nil, err
	}
	if file["added_tokens"], err = json.Marshal(added); err != nil {
		return nil, err
	}
	if file["model"], err = json.Marshal(model); err != nil {
		return nil, err
	}
	return json.Marshal(file)
}

func object(data []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal(data, &fields)
	if err == nil && fields == nil {
		err = errors.New("not an object")
	}
	return fields, err
}

// rename replaces a field's text by its new name, if it has one.
func rename(fields map[string]json.RawMessage, key string, names map[string]json.RawMessage) {
	var text string
	if json.Unmarshal(fields[key], &text) == nil {
		if name, ok := names[text]; ok {
			fields[key] = name
		}
	}
}

// renamedVocab renames the markers in model.vocab, in either of its forms.
func renamedVocab(raw json.RawMessage, names map[string]json.RawMessage) (json.RawMessage, error) {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '[' {
		var list [][]json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		for _, pair := range list {
			row := map[string]json.RawMessage{"piece": pair[0]}
			rename(row, "piece", names)
			pair[0] = row["piece"]
		}
		return json.Marshal(list)
	}
	ids, err := object(raw)
	if err != nil {
		return nil, err
	}
	for marker, name := range names {
		id, ok := ids[marker]
		if !ok {
			continue
		}
		var key string
		if err := json.Unmarshal(name, &key); err != nil {
			return nil, err
		}
		delete(ids, marker)
		ids[key] = id
	}
	return json.Marshal(ids)
}

// readNamed reads a text in which only the given places are markers.
func (t *Tokenizer) readNamed(text string, own []place, special bool) ([]engine.Token, error) {
	var b strings.Builder
	at := 0
	for _, p := range own {
		b.WriteString(text[at:p.start] + alias(p.marker))
		at = p.end
	}
	b.WriteString(text[at:])
	if err := readable(text); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if _, err := t.native(false); err != nil { // closed
		return nil, err
	}
	n, err := t.named.get()
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	spans, err := n.encode(b.String(), special)
	if err != nil {
		return nil, engine.Errorf(engine.BadText, "tokenizer", "%v", err).Try("shorten the text, or leave out characters until it works")
	}
	if special {
		spans = t.once(spans)
	}
	for i := range spans {
		spans[i].start, spans[i].end = unaliased(spans[i].start, own), unaliased(spans[i].end, own)
	}
	return t.tokens(spans)
}

// unaliased turns an offset in the text with other names into that of the text itself.
func unaliased(offset int, own []place) int {
	shift := 0 // how much longer the names before have made the text
	for _, p := range own {
		start := p.start + shift
		end := start + len(alias(p.marker))
		if offset <= start {
			break
		}
		if offset < end {
			return p.start
		}
		shift += len(alias(p.marker)) - (p.end - p.start)
	}
	return offset - shift
}
