package message

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestCheckBody: a body that is not its kind's, or tensors that it does not say, are mistakes.
func TestCheckBody(t *testing.T) {
	b := AttributeBody{Shape: engine.Shape{Layers: 2, Neurons: 3, Heads: 1}, Tokens: make([]engine.Token, 4)}
	body, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string][]int{"scores": {2, 4, 3}, "heads": {2, 4, 1}, "sources": {2, 4, 1}, "tokens": {4}}
	if err := CheckBody("attribute", body, whole); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]struct {
		kind, body string
		tensors    map[string][]int
	}{
		"another kind":          {"predict", string(body), whole},
		"an unknown kind":       {"divination", string(body), whole},
		"no JSON":               {"attribute", "{", whole},
		"null and more":         {"attribute", "null null", whole},
		"null":                  {"tokens", "null", nil},
		"a list":                {"tokens", "[]", nil},
		"nothing":               {"tokens", "{}", nil},
		"another type":          {"tokens", `{"tokens":"x"}`, nil},
		"an unknown field":      {"attribute", `{"more":1}`, whole},
		"a tensor too many":     {"attribute", string(body), map[string][]int{"scores": {2, 4, 3}, "heads": {2, 4, 1}, "sources": {2, 4, 1}, "tokens": {4}, "more": {1}}},
		"a tensor too few":      {"attribute", string(body), map[string][]int{"scores": {2, 4, 3}, "heads": {2, 4, 1}, "sources": {2, 4, 1}}},
		"a size of another":     {"attribute", string(body), map[string][]int{"scores": {2, 4, 2}, "heads": {2, 4, 1}, "sources": {2, 4, 1}, "tokens": {4}}},
		"another model's heads": {"attribute", string(body), map[string][]int{"scores": {2, 4, 3}, "heads": {2, 4, 2}, "sources": {2, 4, 1}, "tokens": {4}}},
		"sizes of other rank":   {"attribute", string(body), map[string][]int{"scores": {24}, "heads": {2, 4, 1}, "sources": {2, 4, 1}, "tokens": {4}}},
	} {
		if CheckBody(bad.kind, []byte(bad.body), bad.tensors) == nil {
			t.Errorf("%s is believed", name)
		}
	}
}

// Every field that a body always has is asked for.
func TestCheckBodyAsksForEveryField(t *testing.T) {
	const whole = `{"prompt":[],"new":[],"text":"","ended":true,"edited":0}`
	if err := CheckBody("generate", []byte(whole), nil); err != nil {
		t.Fatal(err)
	}
	fields := strings.Split(strings.Trim(whole, "{}"), ",")
	for i := range fields {
		some := slices.Delete(slices.Clone(fields), i, i+1)
		if CheckBody("generate", []byte("{"+strings.Join(some, ",")+"}"), nil) == nil {
			t.Errorf("nothing misses %s", fields[i])
		}
	}
}

// FuzzCheckBody: no body panics.
func FuzzCheckBody(f *testing.F) {
	f.Add("attribute", []byte(`{"tokens":[{}]}`))
	f.Add("sweep", []byte(`{"controls":-9,"texts":[""]}`))
	f.Add("capture", []byte(`{"spaces":["mlp"],"hi":-9223372036854775808,"lo":9223372036854775807}`))
	f.Fuzz(func(_ *testing.T, kind string, body []byte) {
		_ = CheckBody(kind, body, map[string][]int{"scores": {1}})
	})
}
