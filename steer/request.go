package steer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Request is a task as a message: it can be sent, stored and addressed. It holds no closures and no pointers, so the
// same request runs in this process, in the resident one or on another machine.
type Request struct {
	Kind     string          `json:"kind"`     // what to do: "attribute", "predict", "generate", "tokens", "model"
	Version  int             `json:"version"`  // of the kind's settings and result; part of the Ref
	Settings json.RawMessage `json:"settings"` // canonical JSON: struct order, no default left out
}

// newRequest makes a message of settings. All mistakes are reported at once: those of reading what the settings are made
// of (without it there is nothing to check), else those of the settings, and others.
func newRequest(s message.Settings, reading error, others ...error) (Request, error) {
	k := s.Kind()
	errs := append([]error{reading}, others...)
	if reading == nil {
		errs[0] = s.Check()
	}
	if err := errors.Join(errs...); err != nil {
		return Request{}, engine.Prefix(k.Task, err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		return Request{}, fmt.Errorf("%s: settings cannot be written as JSON: %w", k.Task, err)
	}
	return Request{Kind: k.Name, Version: k.Version, Settings: b}, nil
}

// Decode reads the settings of a request into s. Unknown fields are an error: they come from another version.
func (r Request) Decode(s any) error {
	d := json.NewDecoder(bytes.NewReader(r.Settings))
	d.DisallowUnknownFields()
	err := d.Decode(s)
	if err == nil && bytes.Equal(bytes.TrimSpace(r.Settings), []byte("null")) {
		err = errors.New("they are null") // which would decode as every setting left out
	}
	if err != nil {
		return engine.Mistake(engine.BadRequest, "the settings of this request cannot be read: %v", err).
			Try(engine.TryOneVersion)
	}
	return nil
}

// Identity is what of a model enters a Ref. Backend and Precision are empty unless they were chosen explicitly: under
// "auto" the record says what did the work. Build is empty in a release and the engine's build hash in a development build.
type Identity struct {
	Model     string `json:"model"`     // SHA-256 of config and weights
	Tokenizer string `json:"tokenizer"` // SHA-256 of tokenizer and template
	Backend   string `json:"backend,omitempty"`
	Precision string `json:"precision,omitempty"`
	Build     string `json:"build,omitempty"`
}

// Ref is the content address of what a request gives on one model: SHA-256 over request and identity.
type Ref [sha256.Size]byte

// Ref returns the content address of what r gives on the model with this identity.
func (r Request) Ref(id Identity) Ref {
	b, err := json.Marshal(struct {
		Request
		Identity Identity `json:"identity"`
	}{r, id})
	if err != nil { // only settings that are not JSON can do that; such a request addresses nothing
		return Ref{}
	}
	return sha256.Sum256(b)
}

// String returns the address in hexadecimal.
func (r Ref) String() string { return hex.EncodeToString(r[:]) }

// Short returns the first eight hexadecimal digits, for people.
func (r Ref) Short() string { return hex.EncodeToString(r[:4]) }

// compact returns JSON without white space, so that a file that was indented compares with what a task says.
func compact(b []byte) []byte {
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return b
	}
	return out.Bytes()
}
