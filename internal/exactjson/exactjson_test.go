package exactjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCheck: what would be changed without a word is found, and what is right passes.
func TestCheck(t *testing.T) {
	many := func(last string) string {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `"k%d": {"a": [{"a": 1}, {"a": 2}], "b": "a"}, `, i)
		}
		return "{" + b.String() + last + ": 0}"
	}
	for in, want := range map[string]string{
		`{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, "a", "a"]}`: "",
		`["a", "a", {"x": "x", "y": "x"}]`:                   "",
		`"a \ud83d\ude00 \\ud800 \u00e9 \" \\"`:              "",
		many(`"k40"`):                                        "",
		`{"a": "}", "b": "{\"a\": 1, \"a\": 2}"}`:            "",
		`{"a": 1, "a": 1}`:                                   `"a" stands there twice`,
		`{"prompt": "x", "PROMPT": "y"}`:                     `"PROMPT" stands there twice`,
		`{"a": 1, "\u0061": 1}`:                              `"a" stands there twice`,
		`[{"b": {"a": 1, "c": [1, {}, []], "a": {}}}]`:       `"a" stands there twice`,
		many(`"k3"`):          `"k3" stands there twice`,
		many(`"K39"`):         `"K39" stands there twice`,
		`{"p": "a \ud800 b"}`: `\ud800 is half`,
		`{"\udc00": 1}`:       `\udc00 is half`,
		`"\ud83d"`:            `\ud83d is half`,
		`"\ud83d\u0041"`:      `\ud83d is half`,
		`"\ude00\ud83d"`:      `\ude00 is half`,
		"{\"a\": \"\xff\"}":   "not UTF-8",
	} {
		var v any
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		err := Unmarshal([]byte(in), &v)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", in, err, want)
		}
	}
}

func TestDecode(t *testing.T) {
	var v struct {
		A float64 `json:"a"`
		B []struct {
			C int `json:"c"`
		} `json:"b"`
	}
	for in, want := range map[string]string{`{"a": 1}`: "", `{"a": 1, "x": 2}`: "unknown field",
		`[1]`: "it is JSON, but a single array", `{"a": "x"}`: `"a" cannot be the string`, `{"a": 1e400}`: `"a" cannot be the number 1e400`, `{"a": 1} {}`: "something follows", `{"a": 1, "a": 2}`: "twice", `{`: "EOF",
		`null`: "it is null", `{"A": 1}`: `unknown field "A"; is "a" meant?`, `{"b": [{"c": 1}, {"C": 2}]}`: `unknown field "C"`, `{"b": [{"c": 1}]}`: ""} {
		if err := Decode([]byte(in), &v); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
}

// FuzzCheck: JSON that passes holds what it says: written again and read again it is the same, and no character was lost.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{`{"a":1,"A":2}`, `"\ud800\udc00"`, `{"a":{"b":[{}]}}`, `"\\"`, `{"\"":"\u0000"}`, `"\ud800\`, `{"`, `"\u`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		err := Check(b)
		var v any
		if json.Unmarshal(b, &v) != nil || err != nil {
			return
		}
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(out), `\ufffd`) + strings.Count(string(out), "\uFFFD"); n > 0 &&
			!strings.Contains(strings.ToLower(string(b)), `\ufffd`) && !strings.Contains(string(b), "\uFFFD") {
			t.Errorf("%q becomes %q", b, out)
		}
		if !utf8.Valid(out) {
			t.Errorf("%q", out)
		}
	})
}
