package tabular

import "github.com/neuronsteer/neuronsteer/steer/engine"

// Parquet reads and writes parquet. The library is too large for every cell of a notebook to link, so whoever has it, or a
// program that has it, says so once, before anything is read: UseParquet.
type Parquet struct {
	Read  func(path string) (lines []byte, err error) // the rows as JSON lines
	Write func(path string, t Table) error            // the file as a whole, or not at all
}

var parquet Parquet

// UseParquet says who reads and writes parquet in this process. It is called from an init function.
func UseParquet(p Parquet) { parquet = p }

func noParquet() error {
	return engine.Errorf(engine.BadFile, "parquet", "this program does not know parquet").
		Try("import _ \"github.com/neuronsteer/neuronsteer/steer/local\", or convert the file: neuronsteer convert FILE.parquet FILE.jsonl")
}

func fromParquet(path string) ([]byte, error) {
	if parquet.Read == nil {
		return nil, noParquet()
	}
	return parquet.Read(path)
}

// toParquet writes a table.
func toParquet(path string, t Table) error {
	if parquet.Write == nil {
		return noParquet()
	}
	return parquet.Write(path, t)
}
