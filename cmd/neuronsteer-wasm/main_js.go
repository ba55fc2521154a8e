// Command neuronsteer-wasm is the engine with the teaching model, for a page. It gives the page one function,
// neuronsteerAsk(question) → Promise of an answer, both as JSON (internal/trial), and calls neuronsteerReady when it is there.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"syscall/js"

	"github.com/neuronsteer/neuronsteer/internal/trial"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	r, err := local.NewRunner("teaching")
	if err != nil {
		js.Global().Call("neuronsteerReady", err.Error())
		return
	}
	m := steer.New("teaching", r)
	turn := make(chan struct{}, 1) // one question at a time
	js.Global().Set("neuronsteerAsk", js.FuncOf(func(_ js.Value, args []js.Value) any {
		question := args[0].String()
		return js.Global().Get("Promise").New(js.FuncOf(func(_ js.Value, then []js.Value) any {
			go func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				text, err := ask(m, question)
				if err != nil {
					then[1].Invoke(js.Global().Get("Error").New(trial.Words(err)))
					return
				}
				then[0].Invoke(text)
			}()
			return nil
		}))
	}))
	js.Global().Call("neuronsteerReady", "")
	select {}
}

// ask answers one question.
func ask(m *steer.Model, question string) (string, error) {
	var q trial.Question
	if err := json.Unmarshal([]byte(question), &q); err != nil {
		return "", fmt.Errorf("the question cannot be read: %w", err)
	}
	a, err := trial.Ask(context.Background(), m, q)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(a)
	return string(b), err
}
