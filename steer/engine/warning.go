package engine

// A Warning is something that a reader of a result must know before concluding anything from it. It is shown, never fatal.
type Warning struct {
	Code string `json:"code"` // stable, e.g. "sink"
	Text string `json:"text"` // a sentence
}

// String returns the sentence.
func (w Warning) String() string { return w.Text }
