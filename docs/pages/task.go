package main

import "strings"

// A task is what a page says that no code does.
type task struct {
	name    string // of the method of steer.Model
	answers string // the question that it answers
	when    string // "Use it" …
	not     string // "Do not use it" …, and what to use instead
	caveat  string // what its numbers do not say
	shows   string // the Example that shows it, where it has none of its own
}

// A step is the tasks of one step of a piece of work, in the order in which they are asked.
type step struct {
	title, about string
	tasks        []task
}

// tasks is all of them.
func tasks() (all []task) {
	for _, s := range steps {
		all = append(all, s.tasks...)
	}
	return all
}

// example names the Example function that shows the task.
func (t task) example() string {
	if t.shows != "" {
		return t.shows
	}
	return "Model_" + t.name
}

// slug is the name in a path: "control-vector".
func (t task) slug() string {
	var b strings.Builder
	for i, r := range t.name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// kind is the kind of the task's requests.
func (t task) kind() string {
	switch t.name {
	case "Info":
		return "model"
	case "Verdict":
		return "evidence"
	}
	return t.slug()
}
