package parquet

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
)

// TestTableComesBack: what a table says is read again, unknown cells included, and the file is of the kinds of its columns.
func TestTableComesBack(t *testing.T) {
	table := tabular.Table{Columns: []string{"token", "rank", "p", "known"}}
	table.Add(" <|im_start|>", 1, .25, true)
	table.Add("", 0, math.NaN(), nil)
	table.Add(nil, nil, 0., false)
	path := filepath.Join(t.TempDir(), "a.parquet")
	if err := table.Write(path); err != nil {
		t.Fatal(err)
	}
	rows, err := tabular.Read(path, "x")
	if err != nil {
		t.Fatal(err)
	}
	again := rows.Table("")
	for i, want := range []map[string]any{{"token": " <|im_start|>", "rank": int64(1), "p": .25, "known": true}, {"token": "", "rank": int64(0), "p": nil, "known": nil}, {"token": nil, "rank": nil, "p": int64(0), "known": false}} {
		for j, c := range again.Columns {
			if got := again.Rows[i][j]; !reflect.DeepEqual(got, want[c]) {
				t.Errorf("row %d, %s: %#v, want %#v", i, c, got, want[c])
			}
		}
	}
	if rows.Format != "parquet" || len(again.Columns) != 4 {
		t.Errorf("%+v", rows)
	}
}

// TestChats: lists of structs, as data of chats have them, are what they are in JSON.
func TestChats(t *testing.T) {
	type message struct {
		Role    string `parquet:"role"`
		Content string `parquet:"content"`
	}
	type row struct {
		Messages []message `parquet:"messages,list"`
	}
	path := filepath.Join(t.TempDir(), "chat.parquet")
	var b bytes.Buffer
	if err := parquet.Write(&b, []row{{[]message{{"user", "Hi?"}, {"assistant", "Yes"}}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := Read(path)
	if err != nil || !strings.Contains(string(lines), `"role":"user"`) {
		t.Errorf("%s (%v)", lines, err)
	}
	t.Logf("%s", lines)
}

// TestDamaged: a file that was cut, changed anywhere or is no parquet is an error or the rows, never a panic.
func TestDamaged(t *testing.T) {
	table := tabular.Table{Columns: []string{"token", "rank"}}
	for i := range 40 {
		table.Add(strings.Repeat("a", i), i)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.parquet")
	if err := table.Write(path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "b.parquet")
	try := func(b []byte) error {
		if err := os.WriteFile(broken, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read(broken)
		return err
	}
	for n := 0; n < len(whole); n += 7 {
		if try(whole[:n]) == nil {
			t.Errorf("cut at %d it is read", n)
		}
		b := bytes.Clone(whole)
		b[n] ^= 0xff
		_ = try(b) // a changed text may be read as such
	}
	if err := try([]byte("prompt,target\n")); err == nil || !strings.Contains(err.Error(), "no parquet") {
		t.Error(err)
	}
}
