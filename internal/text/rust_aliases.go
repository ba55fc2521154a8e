//go:build cgo

package text

import (
	"bytes"
	"encoding/json"
	"errors"
)

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
