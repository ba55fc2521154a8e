// Package fence keeps what goes wrong in one request from ending the process that serves others.
package fence

import (
	"fmt"
	"runtime/debug"
)

// A Panic is the error of a call that panicked.
type Panic struct {
	Value any
	Stack []byte // for a log; never for people who did not write the code
}

// Error returns what was panicked with.
func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Call returns what f returns, or the *Panic that ended it. A fault at an address that is mapped, e.g. in a file that was
// cut short, is a panic here, and so an error. What f starts in goroutines of its own is not fenced.
func Call(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
