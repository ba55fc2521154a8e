package kernelproxy

import (
	"encoding/json"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// announceCell says to the process that a cell becomes which cell it is, so that what it shows replaces what the cell showed before. Where
// the file cannot be written, or a client does not say, the cell is known by its code.
func (p *proxy) announceCell(m *jupyter.Message, code string) {
	var beside struct {
		ID string `json:"cellId"` // JupyterLab and Notebook say it
	}
	_ = json.Unmarshal(m.Metadata(), &beside)
	_ = journal.Running{ID: beside.ID, Code: code}.Write(p.kernel.dir())
}
