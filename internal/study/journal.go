package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A line of the journal. It alone holds times.
type line struct {
	Time    time.Time `json:"time"`
	Event   string    `json:"event"` // "begin", "done", "end"
	Begin   *origin   `json:"begin,omitempty"`
	Step    string    `json:"step,omitempty"`
	Refs    []string  `json:"refs,omitempty"` // of the step's results in the store
	Seconds float64   `json:"seconds,omitempty"`
	Kept    bool      `json:"kept,omitempty"` // every result was in the store already
}

// origin is what a folder of results belongs to.
type origin struct {
	Study    string         `json:"study"` // SHA-256 of the file and its data
	Identity steer.Identity `json:"identity"`
	Engine   string         `json:"engine"` // what does the work: one backend for the whole study
	Tool     string         `json:"tool"`
}

// journal appends lines to a file.
type journal struct {
	f    *os.File
	past []line // of earlier runs
}

// maxJournal bounds what is read of earlier runs, in bytes.
const maxJournal = 1 << 30

// openJournal reads what earlier runs wrote. A last line that a kill cut off is closed, so that the next one stands alone.
func openJournal(path string) (*journal, error) {
	b, err := regular.ReadFile(path, maxJournal)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, engine.Errorf(steer.BadFile, path, "the journal cannot be read: %v", err).Try("choose another folder with -out")
	}
	j := &journal{}
	for text := range bytes.Lines(b) {
		var l line
		if json.Unmarshal(text, &l) == nil {
			j.past = append(j.past, l)
		}
	}
	if j.f, err = regular.OpenOwn(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
		return nil, engine.Errorf(steer.BadFile, path, "the journal cannot be written: %v", err).Try("choose another folder with -out")
	}
	if len(b) > 0 && b[len(b)-1] != '\n' {
		if _, err := j.f.WriteString("\n"); err != nil {
			return nil, errors.Join(engine.Errorf(steer.BadFile, path, "the journal cannot be written: %v", err).Try("choose another folder with -out"), j.f.Close())
		}
	}
	return j, nil
}

// add appends a line, in one write.
func (j *journal) add(l line) error {
	l.Time = time.Now().UTC()
	b, err := json.Marshal(l)
	if err == nil {
		_, err = j.f.Write(append(b, '\n'))
	}
	if err == nil {
		err = j.f.Sync()
	}
	if err != nil {
		return engine.Errorf(steer.BadFile, j.f.Name(), "the journal cannot be written: %v", err).Try("make room on the disk and run again")
	}
	return nil
}

// begun returns what the folder belongs to; ok is false for a new one.
func (j *journal) begun() (origin, bool) {
	for _, l := range j.past {
		if l.Begin != nil {
			return *l.Begin, true
		}
	}
	return origin{}, false
}

// seconds returns how long each step took when it was computed.
func (j *journal) seconds() map[string]float64 {
	out := map[string]float64{}
	for _, l := range j.past {
		if l.Event == "done" && !l.Kept {
			out[l.Step] = l.Seconds
		}
	}
	return out
}
