package kernelspec

import _ "embed"

//go:embed launcher/static/template.ipynb
var template []byte

// Template returns a new notebook for the kernel, as a file: a first question from the behavior to taking its neurons out.
func Template() []byte { return template }
