package repl

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

func TestWords(t *testing.T) {
	for _, c := range []struct {
		line string
		want []word
	}{
		{"", nil},
		{`  " Austin"  Dallas`, []word{{" Austin", true}, {"Dallas", false}}},
		{`"\n" '\n'`, []word{{"\n", true}, {`\n`, true}}},
		{`" a \" b"`, []word{{` a " b`, true}}},
		{`a"b`, []word{{`a"b`, false}}},
		{"北京 '  '", []word{{"北京", false}, {"  ", true}}},
	} {
		got, err := words(c.line)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("words(%q) = %+v, %v", c.line, got, err)
		}
	}
	for _, bad := range []string{`"`, `" Austin`, `'s`, `"\q"`} {
		if _, err := words(bad); err == nil {
			t.Errorf("words(%q) is no error", bad)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{`" Austin" b`, `'s "`, "\"\\x00\" \xff", "  "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		ws, err := words(line)
		if err != nil {
			return
		}
		var quoted []string
		for _, w := range ws {
			quoted = append(quoted, strconv.Quote(w.text))
		}
		again, err := words(strings.Join(quoted, " "))
		if err != nil || len(again) != len(ws) {
			t.Fatalf("%q gives %+v, quoted %+v, %v", line, ws, again, err)
		}
		for i := range ws {
			if again[i].text != ws[i].text {
				t.Fatalf("%q gives %+v, quoted %+v", line, ws, again)
			}
		}
	})
}

func TestComplete(t *testing.T) {
	dir := t.TempDir()
	s := New(Options{Model: steertest.NewModel(), Circuits: dir, Lines: Plain(strings.NewReader(paris + "discover \" Paris\"\nsave praise\nsave prose\n")), Out: &strings.Builder{}})
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line    string // the cursor is at |
		want    string
		options string
	}{
		{"dis|", "discover |", ""},
		{"am|", "amplify |", ""},
		{"s|", "s|", "save sweep stability"},
		{"zz|", "zz|", ""},
		{"load pr|", "load pr|", "praise prose"},
		{"load pra|", "load praise |", ""},
		{"ablate L1/N2|", "ablate L1/N2 |", ""},
		{"ablate a|", "ablate all |", ""},
		{"ablate t|", "ablate top|", ""},
		{"amplify all | 2", "amplify all | 2", ""},
		{"chat of|", "chat off |", ""},
		{"prompt The cap|", "prompt The cap|", ""},
	} {
		before, after, _ := strings.Cut(c.line, "|")
		line, pos, options := s.Complete(before+after, len(before))
		if got := line[:pos] + "|" + line[pos:]; got != c.want || strings.Join(options, " ") != c.options {
			t.Errorf("%s completes to %s with %q, want %s with %q", c.line, got, options, c.want, c.options)
		}
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("abl L1", 3)
	f.Add("load \t x", 7)
	s := New(Options{Model: steertest.NewModel(), Circuits: f.TempDir()})
	f.Fuzz(func(t *testing.T, line string, pos int) {
		pos = min(max(pos, 0), len(line))
		l, p, _ := s.Complete(line, pos)
		if p < 0 || p > len(l) {
			t.Fatalf("Complete(%q, %d) puts the cursor at %d of %q", line, pos, p, l)
		}
	})
}

// TestHistory: lines come back in the next session, the latest first, and a file that cannot be written costs nothing.
func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history")
	h := OpenHistory(path)
	for _, line := range []string{"prompt a", "top", "top", "  ", "info"} {
		h.Add(line)
	}
	again := OpenHistory(path)
	if again.Len() != 3 || again.At(0) != "info" || again.At(2) != "prompt a" || again.At(3) != "" {
		t.Errorf("the next session has %q", again.lines)
	}
	for i := range 2 * maxHistory {
		again.Add(strconv.Itoa(i))
	}
	if third := OpenHistory(path); again.Len() != maxHistory || third.Len() != maxHistory || third.At(0) != strconv.Itoa(2*maxHistory-1) {
		t.Errorf("%d lines in memory, %d from the file", again.Len(), third.Len())
	}
	nowhere := OpenHistory(filepath.Join(path, "below", "a", "file"))
	nowhere.Add("top")
	if nowhere.Len() != 1 {
		t.Error("a history that cannot be written is not kept in memory")
	}
}
