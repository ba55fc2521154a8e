// Package progress says how long a task still takes: from its plan, which is asked for while the task works, and from what the
// task itself tells, as soon as that says more. The notebook's line, the session in the terminal and the study share it.
package progress
