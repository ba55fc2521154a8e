package resident

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Conn is a connection after the handshake. Send may be called by several goroutines, Receive by one.
type Conn struct {
	Peer Hello // what the other side said

	rw  io.ReadWriteCloser
	mu  sync.Mutex // a frame is written whole
	may bounds     // of the next frame to receive

	quiet time.Duration // without a byte for so long the other side is asked for a sign of life; 0: never
}

// handshakeTime is how long the other side may take for its hello; both sides have it ready.
const handshakeTime = 5 * time.Second

// maxHello bounds the header of a frame from somebody whose nonce is not known yet. A hello has some 200 bytes.
const maxHello = 4 << 10

// The bounds of frames before the handshake, and of answers to short questions after it.
var (
	untrusted = bounds{maxHello, noPayload}
	words     = bounds{1 << 20, noPayload}
)

// ErrForeign is the answer to a hello with another session's nonce.
var ErrForeign = errors.New("a process of another session")

// Greet is the client's side of the handshake. A peer of another protocol or build is no error: see Peer.
func Greet(rw io.ReadWriteCloser, me Hello) (*Conn, error) {
	c := &Conn{rw: rw, may: untrusted}
	defer c.limit()()
	if err := c.Send(Frame{Type: TypeHello, Hello: &me}); err != nil {
		return nil, err
	}
	err := c.hello(me)
	c.may = words
	return c, err
}

// Accept is the server's side of the handshake.
func Accept(rw io.ReadWriteCloser, me Hello) (*Conn, error) {
	c := &Conn{rw: rw, may: untrusted}
	defer c.limit()()
	if err := c.hello(me); err != nil {
		if errors.Is(err, ErrForeign) { // it learns no more than that
			_ = c.Send(Frame{Type: TypeHello, Hello: &Hello{Protocol: me.Protocol}})
		}
		return nil, err
	}
	c.may = bounds{MaxHeader, noPayload} // a client sends words: settings hold what numbers a request needs
	return c, c.Send(Frame{Type: TypeHello, Hello: &me})
}

// hello reads the other side's hello and compares the nonces.
func (c *Conn) hello(me Hello) error {
	f, err := c.Receive()
	if err != nil {
		return err
	}
	if f.Type != TypeHello || f.Hello == nil {
		return fmt.Errorf("%w: %q in place of a hello", errFrame, f.Type)
	}
	if me.Nonce == "" || subtle.ConstantTimeCompare([]byte(f.Hello.Nonce), []byte(me.Nonce)) != 1 {
		return ErrForeign
	}
	c.Peer = *f.Hello
	return nil
}

// limit bounds the next reads and writes to handshakeTime, where the connection can; the result ends the limit.
func (c *Conn) limit() (end func()) {
	t, ok := c.rw.(interface{ SetDeadline(time.Time) error })
	if !ok {
		return func() {}
	}
	_ = t.SetDeadline(time.Now().Add(handshakeTime))
	return func() { _ = t.SetDeadline(time.Time{}) }
}

// Send writes a frame. Somebody who does not take it ends the connection.
func (c *Conn) Send(f Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.rw.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = t.SetWriteDeadline(time.Now().Add(sendTime(f)))
	}
	err := WriteFrame(c.rw, f)
	if e := (*engine.Error)(nil); err != nil && !errors.As(err, &e) { // half of a frame may have been written
		c.rw.Close()
	}
	return err
}

// sendTime is how long the other side may take for a frame: as handshakeTime, and a second for each megabyte.
func sendTime(f Frame) time.Duration {
	numbers := 0
	for _, t := range f.Tensors {
		numbers += len(t.Data)
	}
	return handshakeTime + time.Duration(numbers/(1<<18))*time.Second
}

// Receive reads the next frame, within what can be expected of the other side.
func (c *Conn) Receive() (Frame, error) { return readFrame(reader{c}, c.may) }

// Close ends the connection and with it the requests on it.
func (c *Conn) Close() error { return c.rw.Close() }

// Joined returns the error that a TypeError frame carries.
func (f *Frame) Joined() error {
	switch len(f.Errors) {
	case 0:
		return engine.Errorf(engine.Internal, "resident", "the engine's process reported an error without saying which")
	case 1:
		return f.Errors[0]
	}
	return engine.JoinMistakes(f.Errors)
}
