package text_test

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// BenchmarkNew loads SmolLM2's tokenizer, by each library.
func BenchmarkNew(b *testing.B) {
	data := read(b, "smollm2-tokenizer.json.gz")
	for _, name := range libraries {
		b.Run(name, func(b *testing.B) {
			b.Setenv(text.Library, name)
			for b.Loop() {
				tok, err := text.New(data, nil, []int32{2})
				if err != nil {
					b.Fatal(err)
				}
				if err := tok.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEncode reads 5,000 texts, as literal text.
func BenchmarkEncode(b *testing.B) {
	texts := bpetest.Texts()
	for _, name := range libraries {
		b.Run(name, func(b *testing.B) {
			b.Setenv(text.Library, name)
			tok := smollm2(b)
			for b.Loop() {
				n := 0
				for _, x := range texts {
					if x.Kind == "nul" {
						continue
					}
					ts, err := tok.Encode(x.Text, engine.Encoding{})
					if err != nil {
						b.Fatal(err)
					}
					n += len(ts)
				}
				b.ReportMetric(float64(n), "tokens/op")
			}
		})
	}
}
