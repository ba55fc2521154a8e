package gonbext

// Must returns v, or shows the error's card and ends the cell.
//
//	var text = nb.Must(os.ReadFile("prompt.txt"))
func Must[T any](v T, err error) T {
	if err != nil {
		here.fail(err, caller())
	}
	return v
}

// Check shows the error's card and ends the cell, unless err is nil.
//
//	nb.Check(fig.Save("layers.pdf"))
func Check(err error) {
	if err != nil {
		here.fail(err, caller())
	}
}
