package steer

import (
	"encoding/json"
	"sync"
)

// result is what a result type holds: its record and the record's body, fetched and decoded once, when a method first needs
// them. The zero value, that of a result whose task failed, is empty: its methods then return empty answers.
type result[B any] struct{ load func() content[B] }

type content[B any] struct {
	Record
	body B
}

func newResult[B any](fetch func() Record) result[B] {
	return result[B]{sync.OnceValue(func() content[B] { r := fetch(); return content[B]{r, decodeBody[B](r)} })}
}

func (r result[B]) record() Record {
	if r.load == nil {
		return Record{}
	}
	return r.load().Record
}

// header returns the record's.
func (r result[B]) header() Header { return r.record().Header }

func (r result[B]) body() B {
	if r.load == nil {
		var none B
		return none
	}
	return r.load().body
}

// decodeBody decodes the body of a record that a Runner made. A record that does not fit is a defect of whoever stored it;
// the zero value then shows as an empty result.
func decodeBody[B any](r Record) B {
	var b, none B
	if len(r.Header.Body) == 0 { // the zero value of a result
		return b
	}
	if err := json.Unmarshal(r.Header.Body, &b); err != nil {
		return none
	}
	return b
}

// each converts the elements of a list; nil stays nil.
func each[A, B any](list []A, convert func(A) B) []B {
	if list == nil {
		return nil
	}
	out := make([]B, len(list))
	for i, x := range list {
		out[i] = convert(x)
	}
	return out
}
