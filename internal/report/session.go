package report

import (
	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ReadSession makes a report of what a session has shown so far.
func ReadSession(folder string) (*Report, error) {
	cells, err := journal.Journal{Folder: folder}.Read()
	if err != nil {
		return nil, err
	}
	r := &Report{Title: "What this session found", Of: "a session"}
	for _, c := range cells {
		if c.Code != "" {
			r.Blocks = append(r.Blocks, Block{Code: c.Code})
		}
		for _, e := range c.Entries {
			r.add(&Output{Entry: e})
		}
	}
	if r.outputs() == 0 {
		return nil, engine.Errorf(steer.BadSetting, "report", "this session has shown nothing yet").Try("show a result first")
	}
	return r, nil
}
