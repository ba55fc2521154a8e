package steer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestSetsOfEveryFormat: the same two examples from each format, under the names that data have, with and without what Windows adds.
func TestSetsOfEveryFormat(t *testing.T) {
	want := []Example{{Prompt: "2 + 2, is", Target: " 4", Versus: " 5"}, {Prompt: "He said \"hi\"\nand", Target: " left", Versus: " stayed"}}
	chats := []Example{{Prompt: "Hi?", Target: "Yes", Chat: true, System: "Be brief."}, {Prompt: "Bye?", Target: "No", Chat: true}}
	for name, c := range map[string]struct {
		file, text, says string
		want             []Example
	}{
		"JSON lines":   {"a.jsonl", `{"prompt":"2 + 2, is","target":" 4","versus":" 5"}` + "\n" + `{"prompt":"He said \"hi\"\nand","target":" left","versus":" stayed"}`, "2 rows of JSON lines; prompt, target, versus", want},
		"other names":  {"a.ndjson", `{"id":1,"question":"2 + 2, is","answer":" 4","wrong":" 5"}` + "\n" + `{"question":"He said \"hi\"\nand","answer":" left","wrong":" stayed"}`, "question is the prompt, answer is the target, wrong is the versus; left out: id", want},
		"an array":     {"a.json", "[\n" + `{"text":"2 + 2, is","label":" 4","versus":" 5"},` + "\n" + `{"text":"He said \"hi\"\nand","label":" left","versus":" stayed"}]`, "2 rows of a JSON array; text is the prompt, label is the target, versus", want},
		"CSV":          {"a.csv", "Prompt,Target,Versus\n\"2 + 2, is\", 4, 5\n\"He said \"\"hi\"\"\nand\", left, stayed\n", "2 rows of CSV; Prompt is", nil},
		"semicolons":   {"a.csv", "prompt;target;versus\n2 + 2, is; 4; 5\n\"He said \"\"hi\"\"\nand\"; left; stayed\n", "separated by semicolons", want},
		"TSV":          {"a.tsv", "prompt\tcompletion\tcounterfactual\n2 + 2, is\t 4\t 5\n\"He said \"\"hi\"\"\nand\"\t left\t stayed\n", "completion is the target, counterfactual is the versus", want},
		"chats":        {"a.jsonl", `{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi?"},{"role":"assistant","content":"Yes"}]}` + "\n" + `{"messages":[{"role":"user","content":[{"type":"text","text":"Bye?"}]},{"role":"assistant","content":"No"}]}`, "messages", chats},
		"ShareGPT":     {"a.json", `[{"conversations":[{"from":"system","value":"Be brief."},{"from":"human","value":"Hi?"},{"from":"gpt","value":"Yes"}]},{"conversations":[{"from":"human","value":"Bye?"},{"from":"gpt","value":"No"}]}]`, "conversations is the messages", chats},
		"chats in CSV": {"a.csv", "messages\n\"[{\"\"role\"\":\"\"system\"\",\"\"content\"\":\"\"Be brief.\"\"},{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Hi?\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"Yes\"\"}]\"\n\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Bye?\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"No\"\"}]\"\n", "messages", chats},
	} {
		want := c.want
		if want == nil {
			want, c.says = []Example{{Prompt: "2 + 2, is", Target: " 4", Versus: " 5"}, {Prompt: "He said \"hi\"\nand", Target: " left", Versus: " stayed"}}, "2 rows of CSV; prompt, target, versus"
		}
		for how, text := range map[string]string{"as it is": c.text, "from Windows": "\ufeff" + strings.ReplaceAll(c.text, "\n", "\r\n")} {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			set := Examples(path)
			got, err := set.Read()
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s %s: %+v (%v)", name, how, got, err)
			}
			if !strings.Contains(set.String(), c.says) {
				t.Errorf("%s %s: %q does not say %q", name, how, set, c.says)
			}
		}
	}
}

// TestColumnsAreSaid: what could mean two things, or nothing, is a mistake that says what to type, and what is typed counts.
func TestColumnsAreSaid(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		say  []string
		says string // of the mistake; empty: the prompt is p
	}{
		"two prompts":       {"question,text\np,x\n", nil, `each of the columns "question", "text" may be the prompt; say which is: steer.Examples("a.csv", "prompt=question")`},
		"said":              {"question,text\np,x\n", []string{"prompt=question"}, ""},
		"none":              {"q_text,gold\np,x\n", nil, `no column is the prompt; there are "q_text", "gold"; say which is: steer.Examples("a.csv", "prompt=q_text")`},
		"no such column":    {"prompt\np\n", []string{"prompt=q"}, `there is no column "q"; use one of "prompt"`},
		"no such field":     {"prompt\np\n", []string{"promt=prompt"}, "does not say which column is what"},
		"no equals":         {"prompt\np\n", []string{"prompt"}, "does not say which column is what"},
		"nearly":            {"prompt,targte\np,x\n", nil, `a.csv:1: unknown field "targte", which is nearly target; write target; or leave the column out: steer.Examples("a.csv", "=targte")`},
		"nearly, left out":  {"prompt,targte\np,x\n", []string{"=targte"}, ""},
		"split taken away":  {"prompt,split\np,validation\n", []string{"split="}, ""},
		"another split":     {"prompt,split\np,validation\n", nil, `a.csv:2: the split is neither "train" nor "test"`},
		"no prompt in line": {"prompt,target\np,x\n,y\n", nil, "a.csv:3: it has no prompt"},
		"short line":        {"prompt,target\np,x\np\n", nil, "a.csv:3: it has 1 columns, the first line 2"},
		"quotes":            {"prompt,target\n\"p,x\n", nil, "a.csv:2: its quotes do not fit"},
		"twice":             {"prompt,prompt\np,x\n", nil, `a.csv:1: the column "prompt" stands there twice`},
		"no name":           {"prompt,\np,x\n", nil, "a.csv:1: column 2 has no name"},
		"only names":        {"prompt,target\n", nil, "a.csv has no line"},
		"not UTF-8":         {"prompt\np\n\xff\n", nil, "a.csv:3 is not UTF-8"},
	} {
		l, err := parseRows[Example]("a.csv", []byte(c.text), c.say...)
		if c.says == "" {
			if err != nil || len(l.list) != 1 || l.list[0].Prompt != "p" {
				t.Errorf("%s: %+v (%v)", name, l.list, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	for text, says := range map[string]string{
		`{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}`: ":1: the chat has 3 messages",
		`{"messages":[{"role":"tool","content":"a"}]}`:                                                                  `:1: messages: message 1 has the role "tool"`,
		`{"messages":[]}`:                                           ":1: the chat has no message of the user",
		`{"messages":"x"}`:                                          ":1: messages: a chat is a list",
		`{"prompt":"x","target":["a"]}`:                             ":1: the target is neither a text nor a chat",
		`{"prompt":"x","target":4}`:                                 ":1: the target is the number 4, not a text; put it in quotes",
		`{"prompt":"x","chat":"perhaps"}`:                           ":1: chat is neither true nor false",
		`{"prompt":"x","messages":[{"role":"user","content":"a"}]}`: ":1: it has both",
	} {
		if _, err := parseRows[Example]("a.jsonl", []byte(text)); err == nil || !strings.Contains(err.Error(), "a.jsonl"+says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// TestPartsOfSets: parts are sets that say what they are, and nothing is lost or taken twice.
func TestPartsOfSets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("prompt,target\na,Paris\nb, Rome\nc,.\nd,\ne,9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := Examples(path)
	if set.At(1).Prompt != "b" || set.At(-1).Prompt != "e" || set.At(5) != (Example{}) || set.At(-6) != (Example{}) {
		t.Error("At is wrong")
	}
	prompts := func(s ExampleSet) (out string) {
		for _, e := range s.All() {
			out += e.Prompt
		}
		return out
	}
	if set.First(2).Len() != 2 || set.First(9).Len() != 5 || set.First(-1).Len() != 0 || prompts(set.First(2)) != "ab" {
		t.Error("First is wrong")
	}
	once, again, other := prompts(set.Shuffle(1)), prompts(set.Shuffle(1)), prompts(set.Shuffle(2))
	sorted := strings.Split(once, "")
	slices.Sort(sorted)
	if once != again || once == other || strings.Join(sorted, "") != "abcde" {
		t.Errorf("shuffled: %s, %s, %s", once, again, other)
	}
	train, test := set.Split(.8)
	if prompts(train)+"|"+prompts(test) != "abcd|e" {
		t.Errorf("split: %s and %s", prompts(train), prompts(test))
	}
	if got := prompts(set.Filter(func(e Example) bool { return e.Target != "" })); got != "abce" {
		t.Errorf("filtered: %s", got)
	}
	spaced := set.Spaced()
	if got := []string{spaced.At(0).Target, spaced.At(1).Target, spaced.At(2).Target, spaced.At(3).Target, spaced.At(4).Target}; !slices.Equal(got, []string{" Paris", " Rome", ".", "", " 9"}) ||
		!strings.Contains(spaced.String(), "a space put before the answers of 2") || set.At(0).Target != "Paris" {
		t.Errorf("spaced: %q, %v", got, spaced)
	}
	if s := set.Train().First(1).String(); !strings.HasPrefix(s, "a.csv, train, the first 1: 1 row of CSV; prompt, target") {
		t.Error(s)
	}
	if got := set.Columns(); !slices.Equal(got, []Column{{"prompt", "prompt"}, {"target", "target"}}) {
		t.Errorf("%v", got)
	}
	pairs := NewPairs(Pair{Positive: "a", Negative: "b"})
	if len(pairs.Pairs()) != 1 || pairs.Columns() != nil || pairs.String() != "1 row" || pairs.First(1).Shuffle(0).At(0).Positive != "a" {
		t.Errorf("%v", pairs)
	}
}

// TestTexts: a text a line, or a column; a file that cannot be read is no empty list.
func TestTexts(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, path := range []string{put("a.txt", "one, two\r\n\r\n three\n"), put("a.csv", "id,sentence\n1,\"one, two\"\n2, three\n"), put("a.jsonl", `{"text":"one, two"}`+"\n"+`{"text":" three"}`)} {
		if got, err := Texts(path).Read(); err != nil || !slices.Equal(got, []string{"one, two", " three"}) {
			t.Errorf("%s: %q (%v)", filepath.Base(path), got, err)
		}
	}
	for _, set := range []TextSet{Texts(filepath.Join(dir, "none.txt")), Texts(put("b.txt", "\n")), Texts(put("c.txt", "\xff")), Texts(put("d.txt", "a"), "text=x")} {
		if got, err := set.Read(); err == nil || got != nil || !strings.HasPrefix(set.String(), "no rows: ") {
			t.Errorf("%v: %q", set, got)
		}
	}
}

// FuzzData: whatever a file of any format holds, it gives rows or mistakes that say what to write.
func FuzzData(f *testing.F) {
	for _, s := range []string{"prompt,target\na,b\n", "prompt;target\n\"a\n\";b\n", "prompt\ttarget\na\tb\n", `[{"prompt":"a"}]`, "[\n{\"prompt\":\"a\"},\n{}]", "[1,2", "[]x",
		`{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"text","text":"b"}]}]}`, `{"conversations":[{"from":"human","value":"a"}]}`, "\xef\xbb\xbfprompt\r\na\r\n", "PAR1", "", "a,a\n", `{"":1}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []string{"a.csv", "a.tsv", "a.json", "a.jsonl", "a"} {
			l, err := parseRows[Example](name, b)
			_, perr := parseRows[Pair](name, b, "positive=a")
			_, terr := parseRows[string](name, b)
			for _, err := range []error{err, perr, terr} {
				for _, m := range engine.Mistakes(err) {
					if m.Code == engine.Internal || m.Hint == "" || m.Text == "" {
						t.Fatalf("%s %q: %+v", name, b, m)
					}
				}
			}
			if err == nil && len(l.list) == 0 {
				t.Fatalf("%s %q: neither rows nor a mistake", name, b)
			}
		}
	})
}
