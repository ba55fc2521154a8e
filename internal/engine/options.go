package engine

// Options choose what computes a model. The zero value is right for most.
type Options struct {
	Backend string // one of Backends, or xla where it is built in; "" is the first of Backends
	Plugin  string // path of what the backend loads, for xla
}

// Backends are the names of what can compute, the default first.
var Backends = []string{native, "go"}

// native is the backend of package backend.
const native = "native"

// HasPlugin says whether the program was built with a backend that loads a plugin.
func HasPlugin(name string) bool { _, ok := plugins[name]; return ok }
