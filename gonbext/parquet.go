package gonbext

import (
	"bytes"
	"os/exec"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A cell does not link parquet: the neuronsteer program reads and writes it.
func init() { //nolint:gochecknoinits // before a cell reads anything
	tabular.UseParquet(tabular.Parquet{
		Read: func(path string) ([]byte, error) { return convert(nil, path, "-") },
		Write: func(path string, t tabular.Table) error {
			b, err := t.Encode()
			if err == nil {
				_, err = convert(b, "-", path)
			}
			return err
		},
	})
}

// convert runs neuronsteer convert and returns what it writes.
func convert(in []byte, from, to string) ([]byte, error) {
	program, err := resident.FindProgram()
	if err != nil {
		return nil, err
	}
	var out, wrong bytes.Buffer
	cmd := exec.CommandContext(here.context(), program, "convert", from, to)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &wrong
	if err := cmd.Run(); err != nil {
		said := strings.TrimPrefix(strings.TrimSpace(wrong.String()), "neuronsteer: ")
		if said == "" {
			said = err.Error()
		}
		return nil, engine.Errorf(steer.BadFile, "", "%s", said).Try("mend the file, or save it as JSON lines or CSV")
	}
	return out.Bytes(), nil
}
