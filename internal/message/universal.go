package message

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type UniversalSettings struct {
	Texts []string `json:"texts"`
}

// Kind implements Settings.
func (UniversalSettings) Kind() Kind { return Kind{"universal", "universal", 1} }

// Check reports all mistakes that can be seen without a tokenizer.
func (s UniversalSettings) Check() error {
	if len(s.Texts) == 0 {
		return engine.Mistake(engine.BadSetting, "there are no texts").Try("give some, or none at all for the twenty of the reference: m.Universal()")
	}
	var list Mistakes
	for i, p := range RawPrompts(s.Texts) {
		list.Add(fmt.Sprintf("text %d", i+1), p.check())
	}
	return list.Join()
}

type UniversalBody struct {
	Shape engine.Shape `json:"shape"`
	Texts int          `json:"texts"`
}
