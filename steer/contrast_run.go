package steer

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
)

// contrasted reads the record of a contrast.
func contrasted(r Record) dense {
	b := decodeBody[message.ContrastBody](r)
	where := "at the last token"
	if b.Answer {
		where = "over the answer"
	}
	return dense{
		about: about{Shape: b.Shape, Positions: 1, Summed: true, Method: "difference of mean activations",
			Metric: "h " + where + ", positive − negative", N: b.Pairs, Of: "pairs"},
		scores: r.Tensors["scores"].Data, warnings: r.Header.Warnings, header: r.Header,
	}
}
