package text_test

import (
	"fmt"
	"log"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func ExampleTokenizer_Encode() {
	data, err := os.ReadFile("../../testdata/teaching/tokenizer.json")
	if err != nil {
		log.Fatal(err)
	}
	tok, err := text.New(data, nil, []int32{2})
	if err != nil {
		log.Fatal(err)
	}
	defer tok.Close()
	tokens, err := tok.Encode("The keys near the cabinet", engine.Encoding{Markers: true, Special: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range tokens {
		fmt.Printf("%4d %q [%d,%d)\n", t.ID, t.Text, t.Start, t.End)
	}
	// Output:
	//    1 "<s>" [0,0)
	//  433 "The" [0,3)
	// 1088 " keys" [3,8)
	// 2025 " near" [8,13)
	//  301 " the" [13,17)
	//  565 " cabinet" [17,25)
}
