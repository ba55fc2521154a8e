// Package execute computes requests over an engine and a tokenizer: one file a kind, one row a kind (kinds).
//
// A request has come this way: a task of package steer became settings (package message), which were checked and encoded;
// a Runner (the store, the wire, this process) handed the message on; [Run] finds its row. Around the row, once for all
// kinds, the settings are decoded and checked, alone and against the model's sizes, a mistake gets the name of its task, and
// a panic becomes a mistake. The row tokenizes, composes the interventions into one edit, calls the engine, and gives body
// and tensors, which become the record. Package steer reads it as a result. No notebook cell links this package.
package execute
