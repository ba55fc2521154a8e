package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// A Header is the first part of a message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// A Message is one of Jupyter's, with its parts as JSON.
type Message struct {
	Route   [][]byte // whom it came from or goes to; of what is published, its topic
	Header  Header
	Parent  Header // that of the message that this one answers; zero: none
	Content json.RawMessage

	frames [][]byte // as it came; nil: new or changed
	parts  [][]byte // header, parent, metadata, content, buffers …; content counts from the field
}

// Metadata returns what stands beside the content of a message that came; nil of one that was made here.
func (m *Message) Metadata() json.RawMessage {
	const place = 2
	if len(m.parts) <= place {
		return nil
	}
	return m.parts[place]
}

var delimiter = []byte("<IDS|MSG>")

// ErrSignature is of a message that somebody without the key has made.
var ErrSignature = errors.New("the signature of a message is wrong")

// Parse reads a message and checks its signature. The frames must not be changed afterwards.
func Parse(frames [][]byte, key string) (*Message, error) {
	at := slices.IndexFunc(frames, func(f []byte) bool { return bytes.Equal(f, delimiter) })
	if at < 0 || len(frames) < at+6 {
		return nil, errors.New("a message without its parts")
	}
	m := &Message{Route: frames[:at:at], frames: frames, parts: frames[at+2:], Content: frames[at+5]}
	if key != "" && !hmac.Equal(signature(key, m.parts[:4]), frames[at+1]) {
		return nil, ErrSignature
	}
	if err := json.Unmarshal(m.parts[0], &m.Header); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(m.parts[1], &m.Parent); err != nil { // "{}" without a parent
		return nil, err
	}
	return m, nil
}

// Frames returns the message as it goes over the wire: unchanged as it came, else signed anew.
func (m *Message) Frames(key string) [][]byte {
	if m.frames != nil {
		return m.frames
	}
	m.parts[3] = m.Content
	var sign []byte
	if key != "" {
		sign = signature(key, m.parts[:4])
	}
	return slices.Concat(m.Route, [][]byte{delimiter, sign}, m.parts)
}

// Read reads the content.
func (m *Message) Read(content any) error { return json.Unmarshal(m.Content, content) }

// Change replaces the content.
func (m *Message) Change(content any) error {
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	m.Content, m.frames, m.parts = b, nil, slices.Clone(m.parts)
	return nil
}

// To returns the message with another route, and otherwise as it is.
func (m *Message) To(route [][]byte) *Message {
	c := *m
	if m.frames != nil {
		c.frames = slices.Concat(route, m.frames[len(m.Route):])
	}
	c.Route = route
	return &c
}

// New returns a message of the given type. Content is anything that has a JSON form; one that has none becomes null.
func New(kind string, content any) *Message {
	return answer(&Message{Header: Header{Session: rand.Text(), Username: "kernel"}}, kind, content, []byte("{}"))
}

// Answer returns a message that answers m, or that is published because of it, with the route of m.
func (m *Message) Answer(kind string, content any) *Message {
	parent := []byte("{}")
	if m.parts != nil {
		parent = m.parts[0]
	}
	a := answer(m, kind, content, parent)
	a.Parent = m.Header
	return a
}

// version is the protocol's.
const version = "5.4"

func answer(m *Message, kind string, content any, parent []byte) *Message {
	h := Header{ID: rand.Text(), Session: m.Header.Session, Username: m.Header.Username, Type: kind, Version: version, Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")}
	head, _ := json.Marshal(h) //nolint:errchkjson // of strings
	body, err := json.Marshal(content)
	if err != nil {
		body = []byte("null")
	}
	return &Message{Route: m.Route, Header: h, Content: body, parts: [][]byte{head, parent, []byte("{}"), body}}
}

// signature returns what the parts are signed with, in hexadecimal.
func signature(key string, parts [][]byte) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}
