package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
)

// FuzzNotebook: whatever a notebook holds, its report asks for nothing from elsewhere and no output ends the page, or it is a mistake.
func FuzzNotebook(f *testing.F) {
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"markdown","source":["# x\n","<script>"]},{"cell_type":"code","source":"%%","outputs":[
		{"output_type":"display_data","data":{"text/html":"<b onclick=x>1</b><img src='https://example.org/x'>","text/plain":"1"},"metadata":{"neuronsteer":{"version":1,"type":"Circuit"}}},
		{"output_type":"stream","name":"stdout","text":["\u001b[31mx"]},{"output_type":"error","ename":"x","evalue":"y"}]}]}`))
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","outputs":[{"output_type":"display_data","data":{"image/png":"AA==","image/svg+xml":"<svg/>"},"metadata":{"neuronsteer":{"version":1}}}]}]}`))
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"markdown","source":"# #","outputs":[{"output_type":"error","evalue":"0"}]}]}`)) // a title without words
	f.Add([]byte(`{"cells":[]}`))
	path := filepath.Join(f.TempDir(), "n.ipynb")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := ReadNotebook(path)
		if err != nil {
			return
		}
		to := filepath.Join(t.TempDir(), "n.html")
		if err := r.Save(to, Options{}); err != nil {
			return
		}
		page, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range pagecheck.Page("n.html", page) {
			if x.Rule == "request" || x.Rule == "page" {
				t.Fatalf("%q: %v", b, x)
			}
		}
	})
}
