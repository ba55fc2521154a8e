package resident

import (
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Protocol is the version of the messages below. Frames, the hello and the stop are the same in every version, so that
// one version can tell another to leave.
const Protocol = 1

// The types of a Frame.
const (
	TypeHello    = "hello"    // both sides, first: Hello
	TypeRun      = "run"      // client: Run
	TypeCancel   = "cancel"   // client: the request ID is no longer wanted
	TypeAccepted = "accepted" // server: the request ID has begun
	TypeEvent    = "event"    // server: Event
	TypeRecord   = "record"   // server: Header, and Tensors or Path; the last of a request
	TypeError    = "error"    // server: Errors; the last of a request
	TypePing     = "ping"     // client
	TypePong     = "pong"     // server
	TypeStatus   = "status"   // client asks, server answers with Status
	TypeStop     = "stop"     // client: leave, with Drain once nothing is running
	TypeLeaving  = "leaving"  // server: the answer to stop, and to a request that comes too late
)

// A Frame is one message. Which fields count depends on its Type.
type Frame struct {
	Type    string                  `json:"type"`
	ID      uint64                  `json:"id,omitempty"` // the request that this is about; chosen by the client
	Hello   *Hello                  `json:"hello,omitempty"`
	Run     *Run                    `json:"run,omitempty"`
	Event   *steer.Event            `json:"event,omitempty"`
	Header  *steer.Header           `json:"header,omitempty"`
	Path    string                  `json:"path,omitempty"` // the file in the store that holds the whole record
	Errors  []*engine.Error         `json:"errors,omitempty"`
	Status  *Status                 `json:"status,omitempty"`
	Drain   bool                    `json:"drain,omitempty"`
	Layout  []layout                `json:"tensors,omitempty"` // set by WriteFrame, used by ReadFrame
	Tensors map[string]steer.Tensor `json:"-"`                 // the payload
}

// Hello is how the two sides know each other.
type Hello struct {
	Protocol int    `json:"protocol"`
	Build    string `json:"build"` // build ID of the engine's program; the client's is of the file, "" if it found none
	Nonce    string `json:"nonce"` // of the session
	PID      int    `json:"pid"`   // for people
}

// Run asks for a record.
type Run struct {
	Model   string        `json:"model"`
	Request steer.Request `json:"request"`
	Store   string        `json:"store,omitempty"` // folder of results that the client can read
}

// Status is what a process says about itself.
type Status struct {
	PID       int           `json:"pid"`
	Build     string        `json:"build"`
	Protocol  int           `json:"protocol"`
	Uptime    float64       `json:"uptime"` // seconds
	Idle      float64       `json:"idle"`   // seconds without a request after which it leaves
	Models    []ModelStatus `json:"models"`
	Memory    int64         `json:"memory"`    // bytes that the process occupies; 0 where that is unknown
	Available int64         `json:"available"` // bytes that could still be used; 0 where that is unknown
	Running   int           `json:"running"`   // requests
	Served    int64         `json:"served"`    // requests that have ended
}

// ModelStatus is a model that is open or being opened.
type ModelStatus struct {
	Name   string `json:"name"`
	Loaded bool   `json:"loaded"`
	Served int64  `json:"served"`
}
