package steer

import (
	"encoding/json"
	"testing"
)

// made makes the record of a result as a Runner does.
func made(t testing.TB, body any, tensors map[string]Tensor) Record {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return Record{Header: Header{Body: b}, Tensors: tensors}
}
