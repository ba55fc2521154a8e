package resident

import (
	"errors"
	"io"
	"os"
	"time"
)

// A process that works says so from time to time, or answers a ping at once, whatever it computes: reading and computing
// are different goroutines of it. One that has said nothing for quiet is asked, and given up when it does not answer twice.
const (
	quiet    = 2 * time.Second
	maxQuiet = 3 // times quiet: long enough that a cell which was itself stopped for a while asks before it gives up
)

// expect readies the connection for the answers to one request: a payload may come with its record alone, and somebody
// who stands still is an os.ErrDeadlineExceeded.
func (c *Conn) expect(id uint64) {
	c.may = bounds{MaxHeader, func(f *Frame) uint64 {
		if f.Type == TypeRecord && f.ID == id && f.Path == "" {
			return MaxPayload
		}
		return 0
	}}
	c.quiet = quiet
}

// deadliner is a connection whose reads can be given up, which that over pipes need not be.
type deadliner interface {
	io.Reader
	SetReadDeadline(t time.Time) error
}

// reader is what Receive reads from.
type reader struct{ *Conn }

// Read implements io.Reader.
func (c reader) Read(b []byte) (int, error) {
	d, ok := c.rw.(deadliner)
	if !ok || c.quiet == 0 {
		return c.rw.Read(b)
	}
	for times := 1; ; times++ {
		if err := d.SetReadDeadline(time.Now().Add(c.quiet)); err != nil {
			return c.rw.Read(b)
		}
		n, err := d.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || times == maxQuiet {
			return n, err
		}
		if err := c.Send(Frame{Type: TypePing}); err != nil {
			return 0, err
		}
	}
}
