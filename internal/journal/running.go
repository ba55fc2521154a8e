package journal

import (
	"encoding/json"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Running is the cell that a kernel runs now. The kernel "Go (neuronsteer)" says so in a file of the session; GoNB alone does not.
type Running struct {
	ID   string `json:"id,omitempty"` // of the cell, where who asked has told it
	Code string `json:"code"`
}

const runningFile = "neuronsteer-cell.json"

// Write tells the cell's process, whose session has the folder GONB_TMP_DIR dir, what it runs.
func (r Running) Write(dir string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return atomicfile.WriteUnflushed(filepath.Join(dir, runningFile), b, 0o600)
}

// ReadRunning returns what is run; ok is false where the kernel does not say.
func ReadRunning(dir string) (r Running, ok bool) {
	b, err := regular.ReadOwn(filepath.Join(dir, runningFile), most)
	if err != nil || json.Unmarshal(b, &r) != nil {
		return Running{}, false
	}
	return r, true
}
