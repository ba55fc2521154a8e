package engine

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of mistake an Error is. It is stable and survives a process boundary.
type Code string

// The codes, and through Is the sentinels: errors.Is(err, steer.NotOneToken).
const (
	BadSetting    Code = "setting"      // a setting is missing, out of range or contradicts another
	BadRequest    Code = "request"      // a message that this version cannot read
	EmptyPrompt   Code = "empty-prompt" // the prompt has no token
	PromptTooLong Code = "too-long"     // prompt and new tokens exceed the model's context
	NotOneToken   Code = "tokens"       // a target or counterfactual is not exactly one token
	SameToken     Code = "same-token"   // target and counterfactual are the same token
	UnknownModel  Code = "model"        // no model of this name or at this path
	BadModel      Code = "bad-model"    // a model whose files are damaged, incomplete or of another architecture
	ModelMismatch Code = "mismatch"     // a circuit that belongs to another model
	BadFile       Code = "file"         // a file of a circuit, a vector or examples that is damaged or of another kind
	BadText       Code = "text"         // text that cannot be tokenized: invalid UTF-8 or a NUL byte
	NotFinite     Code = "not-finite"   // a result that is not a finite number
	TooLarge      Code = "memory"       // a request or a model that does not fit into memory
	NoEngine      Code = "no-engine"    // the engine's program cannot be found or started
	Lost          Code = "lost"         // the engine's process ended while it worked
	Internal      Code = "internal"     // a defect of neuronsteer
)

// Error makes a Code an error, so that it serves as a sentinel.
func (c Code) Error() string { return string(c) }

// An Error is one mistake: what, where, and what to type next. Several are joined with errors.Join; Mistakes takes them apart.
type Error struct {
	Code Code   `json:"code"`
	Task string `json:"task"`           // where: the task or the file
	Text string `json:"text"`           // what
	Hint string `json:"hint,omitempty"` // what to type next

	Place *Place `json:"-"` // of numbers that are not finite; it stays within the process
}

// A Place says which part of a pass a mistake is about.
type Place struct {
	Layer  int // −1: the embedding
	Prompt int // of the batch
	Edit   int // of Variants; −1 elsewhere
}

// Errorf returns an Error whose text is formatted like fmt.Sprintf.
func Errorf(c Code, task, format string, args ...any) *Error {
	return &Error{Code: c, Task: task, Text: fmt.Sprintf(format, args...)}
}

// Mistake returns an Error that does not yet say where: Prefix does, once for all of a task.
func Mistake(c Code, format string, args ...any) *Error { return Errorf(c, "", format, args...) }

// Prefix says where the mistakes joined in err were made, in those that do not say it yet. What is no mistake of anybody's,
// such as the end of a context, is left as it is.
func Prefix(task string, err error) error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, Prefix(task, e))
		}
		return errors.Join(all...)
	}
	if e, ok := err.(*Error); ok { //nolint:errorlint // this one, not one that it wraps
		if e.Task != "" {
			return e
		}
		f := *e
		f.Task, f.Text = task, strings.TrimPrefix(e.Text, task+": ") // one that crossed a process boundary says it in its text
		return &f
	}
	if strings.HasPrefix(err.Error(), task+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", task, err)
}

// Try returns the error with a hint: what to type next.
func (e *Error) Try(format string, args ...any) *Error {
	f := *e
	f.Hint = fmt.Sprintf(format, args...)
	return &f
}

// Error returns the task, the text and the hint on one line.
func (e *Error) Error() string {
	s := e.Text
	if e.Task != "" {
		s = e.Task + ": " + s
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Is reports whether target is the error's Code.
func (e *Error) Is(target error) bool { c, ok := target.(Code); return ok && c == e.Code }

// Mistakes takes a joined error apart. An error that is no *Error becomes one with the code Internal, so that it can
// cross a process boundary; nil gives none.
func Mistakes(err error) []*Error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok { //nolint:errorlint // this one, not one that it wraps
		return []*Error{e}
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, e := range j.Unwrap() {
			all = append(all, Mistakes(e)...)
		}
		return all
	}
	if e, ok := errors.AsType[*Error](err); ok {
		f := *e // the wrapping text says more than the wrapped error alone
		f.Text, f.Task, f.Hint = err.Error(), "", ""
		return []*Error{&f}
	}
	return []*Error{{Code: Internal, Text: err.Error()}}
}

// JoinMistakes is the inverse of Mistakes.
func JoinMistakes(es []*Error) error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return errors.Join(all...)
}
