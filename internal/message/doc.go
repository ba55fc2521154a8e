// Package message says what a request says and what a record holds, as plain JSON structs that check themselves: for each
// kind of task its settings and the body of its record, the part that is not tensors. It is what both ends of a wire agree
// on: package steer makes settings of tasks and reads bodies as results, package execute does it the other way round.
//
// Nothing here knows a model, a process or a file; of a model a check may know the sizes ([Fitting]). What these structs
// encode to is part of every content address, so their JSON changes only with the version of the kind.
package message
