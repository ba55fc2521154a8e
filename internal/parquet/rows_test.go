package parquet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
)

// file writes what the library makes of rows of any type.
func file[T any](t testing.TB, rows []T, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows, options...); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestManyRows: a file is read to its end, in its order, however many times the library hands rows over and pages there are.
func TestManyRows(t *testing.T) {
	type row struct {
		N    int64  `parquet:"n"`
		Text string `parquet:"text"`
	}
	rows := make([]row, 1000)
	for i := range rows {
		rows[i] = row{int64(i), fmt.Sprint("text ", i)}
	}
	lines, err := Read(file(t, rows, parquet.MaxRowsPerRowGroup(130)))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(string(lines)), "\n")
	if len(got) != len(rows) {
		t.Fatalf("%d rows of %d", len(got), len(rows))
	}
	for i, line := range got {
		if want := fmt.Sprintf(`{"n":%d,"text":"text %d"}`, i, i); line != want {
			t.Fatalf("row %d is %s", i, line)
		}
	}
}

// TestBytesAreTexts: texts that the file does not call so are texts, at whatever depth, and none is escaped.
func TestBytesAreTexts(t *testing.T) {
	type word struct {
		Text []byte `parquet:"text"`
	}
	type part struct {
		Text []byte   `parquet:"text"`
		Word word     `parquet:"word"`
		Tags [][]byte `parquet:"tags,list"`
	}
	type row struct {
		Prompt []byte `parquet:"prompt"`
		Parts  []part `parquet:"parts,list"`
	}
	lines, err := Read(file(t, []row{{[]byte("<|im_start|>"), []part{{[]byte("a & b"), word{[]byte("d")}, [][]byte{[]byte("c")}}}}}))
	if want := `{"parts":[{"tags":["c"],"text":"a & b","word":{"text":"d"}}],"prompt":"<|im_start|>"}` + "\n"; err != nil || string(lines) != want {
		t.Errorf("%s (%v), want %s", lines, err, want)
	}
}

// TestBounds: more rows than a set can have, two columns of one name, a number that JSON does not have and a folder that is not there are
// mistakes which say so.
func TestBounds(t *testing.T) {
	type one struct {
		Known bool `parquet:"known"`
	}
	type number struct {
		X float64 `parquet:"x"`
	}
	var inf float64
	if err := json.Unmarshal([]byte("1e308"), &inf); err != nil {
		t.Fatal(err)
	}
	_, many := Read(file(t, make([]one, maxRows+1)))
	_, infinite := Read(file(t, []number{{inf * 10}}))
	type list struct {
		X []bool `parquet:"x,list"`
	}
	_, long := Read(file(t, []list{{make([]bool, maxValues+1)}}))
	_, none := Read(filepath.Join(t.TempDir(), "none.parquet"))
	table := tabular.Of("", "a", "a")
	missing := tabular.Of("", "a")
	missing.Add(1)
	for says, err := range map[string]error{
		"it has 1048577 rows, the most is 1048576":     many,
		"a row cannot be written as JSON":              infinite,
		"it has 16777217 values, the most is 16777216": long,
		"it cannot be read":                            none,
		`two columns "a"`:                              table.Write(filepath.Join(t.TempDir(), "a.parquet")),
		"save: ":                                       missing.Write(filepath.Join(t.TempDir(), "none", "a.parquet")),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// TestRepeatedText: a file of some megabytes whose rows would fill the memory is refused.
func TestRepeatedText(t *testing.T) {
	type row struct {
		Text string `parquet:"text,dict"`
	}
	rows := make([]row, 400)
	long := strings.Repeat("a", 1<<20)
	for i := range rows {
		rows[i].Text = long
	}
	path := file(t, rows, parquet.Compression(&parquet.Snappy))
	if st, err := os.Stat(path); err != nil || st.Size() > 8<<20 {
		t.Fatalf("the file is no small one: %v, %v", st, err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "its rows are more than 256 MiB") {
		t.Error(err)
	}
}

// FuzzRead: whatever the bytes are, they are rows, one object a line, or a mistake that says what to do.
func FuzzRead(f *testing.F) {
	type row struct {
		Text  string   `parquet:"text"`
		N     *int64   `parquet:"n,optional"`
		Parts []string `parquet:"parts,list"`
	}
	n := int64(7)
	for _, rows := range [][]row{nil, {{"a", nil, []string{"b", "c"}}, {"", &n, nil}}} {
		b, err := os.ReadFile(file(f, rows))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("PAR1PAR1"))
	path := filepath.Join(f.TempDir(), "a.parquet")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		lines, err := Read(path)
		if err != nil {
			if !strings.Contains(err.Error(), "parquet: ") {
				t.Fatal(err)
			}
			return
		}
		for line := range bytes.Lines(lines) {
			var row map[string]any
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
		}
	})
}
