package tabular

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func table() Table {
	t := Table{Caption: "100 % of <b>", Columns: []string{"token", "rank", "p_x", "known"}}
	t.Add(" <|im_start|>", 1, .25, true)
	t.Add("a,\"b\"\n", 2, math.NaN(), nil)
	t.Add("ü", -3, math.Inf(1), false)
	return t
}

// TestFormats: each format says what the table does, as its readers have it.
func TestFormats(t *testing.T) {
	for ext, want := range map[string]string{
		".csv":   "token,rank,p_x,known\n\" <|im_start|>\",1,0.25,true\n\"a,\"\"b\"\"\n\",2,NaN,\nü,-3,+Inf,false\n",
		".tsv":   "token\trank\tp_x\tknown\n\" <|im_start|>\"\t1\t0.25\ttrue\n",
		".json":  "[\n{\"token\": \" <|im_start|>\", \"rank\": 1, \"p_x\": 0.25, \"known\": true},\n{\"token\": \"a,\\\"b\\\"\\n\", \"rank\": 2, \"p_x\": null, \"known\": null},\n{\"token\": \"ü\", \"rank\": -3, \"p_x\": \"+Inf\", \"known\": false}\n]\n",
		".jsonl": "{\"token\": \" <|im_start|>\", \"rank\": 1, \"p_x\": 0.25, \"known\": true}\n",
		".md":    "100 % of \\<b\\>\n\n| token | rank | p\\_x | known |\n| --- | ---: | ---: | --- |\n| ·\\<\\|im\\_start\\|\\> | 1 | 0.2500 | true |\n| a,\"b\"\\\\n | 2 |  |  |\n| ü | -3 | +Inf | false |\n",
		".tex":   "\\caption{100 \\% of \\textless{}b\\textgreater{}}\n\\begin{tabular}{lrrl}\n\\toprule\ntoken & rank & p\\_x & known \\\\\n\\midrule\n\\textperiodcentered{}\\textless{}\\textbar{}im\\_start\\textbar{}\\textgreater{} & 1 & 0.2500 & true \\\\\na,\"b\"\\textbackslash{}n & 2 &  &  \\\\\nü & $-$3 & +Inf & false \\\\\n\\bottomrule\n",
	} {
		path := filepath.Join(t.TempDir(), "a"+ext)
		if err := table().Write(path); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s (%v):\n%s\nwant\n%s", ext, err, b, want)
		}
	}
	if err := table().Write("a.xlsx"); err == nil || !strings.Contains(err.Error(), `".xlsx"; use .csv, .tsv, .json, .jsonl, .npy, .parquet, .md, .tex`) {
		t.Error(err)
	}
}

// TestNPY: the header names and sizes the fields, and the rows are as long as it says.
func TestNPY(t *testing.T) {
	b, err := table().npy()
	if err != nil {
		t.Fatal(err)
	}
	n := int(binary.LittleEndian.Uint32(b[8:]))
	header, data := string(b[12:12+n]), b[12+n:]
	if !strings.HasPrefix(string(b), "\x93NUMPY\x03\x00") || (12+n)%64 != 0 || !strings.HasSuffix(header, "\n") ||
		!strings.Contains(header, "'descr': [('token', '<U13'), ('rank', '<i8'), ('p_x', '<f8'), ('known', '<U5')], 'fortran_order': False, 'shape': (3,)") {
		t.Errorf("%q", header)
	}
	const row = 13*4 + 8 + 8 + 5*4
	if len(data) != 3*row || !math.IsNaN(math.Float64frombits(binary.LittleEndian.Uint64(data[row+60:]))) || int64(binary.LittleEndian.Uint64(data[2*row+52:])) != -3 || data[4] != '<' {
		t.Errorf("%d bytes of rows, want %d", len(data), 3*row)
	}
}

// TestEncodeDecode: a table that goes to another program arrives as it is.
func TestEncodeDecode(t *testing.T) {
	in := table()
	in.Add("", 4, 2., true) // 2.0 stays a number of its column, not an integer
	b, err := in.Encode()
	if err != nil {
		t.Fatal(err)
	}
	out, err := Decode(b)
	if err != nil || !reflect.DeepEqual(out.Typed(), in.Typed()) || out.Caption != in.Caption || out.Kind(2) != "number" {
		t.Errorf("%v (%v)\nwant %v", out.Typed(), err, in.Typed())
	}
	for _, bad := range []string{"", "{", `{"columns":["a"]}`, `{"columns":["a"],"kinds":["text"],"rows":[[]]}`, `{"columns":["a"],"kinds":["integer"],"rows":[["x"]]}`} {
		if _, err := Decode([]byte(bad)); err == nil {
			t.Errorf("%s is a table", bad)
		}
	}
}
