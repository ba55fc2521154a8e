package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// farewell is how long canceled requests may take to return before the process ends without them.
const farewell = 1500 * time.Millisecond

// leave lets go of the session and lets requests end, or cancels them unless drain.
func (s *server) leave(why string, drain bool) {
	s.mu.Lock()
	first := !s.leaving
	s.leaving = true
	if first {
		s.logf("leaves: %s; %d requests run, drain %v", why, s.running, drain)
		s.settle()
	}
	s.mu.Unlock()
	if first {
		s.listener.Close()
	}
	if !drain {
		s.cancel()
		time.AfterFunc(farewell, s.abandon)
	}
}

// settle closes empty once there is nothing more to wait for. The mutex is held.
func (s *server) settle() {
	if s.leaving && s.running == 0 {
		s.closeEmpty()
	}
}

// abandon stops waiting for requests that do not return.
func (s *server) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeEmpty()
}

func (s *server) closeEmpty() {
	select {
	case <-s.empty:
	default:
		close(s.empty)
	}
}

// begin counts a request in; ok is false when it comes too late.
func (s *server) begin() (ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leaving {
		return false
	}
	s.running++
	s.last = time.Now()
	return true
}

// end counts it out.
func (s *server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.served++
	s.last = time.Now()
	s.settle()
}

// watch leaves when nothing was asked for too long, or when the socket's file is gone and nobody can come any more.
func (s *server) watch() {
	tick := time.NewTicker(min(time.Second, max(s.Idle/4, time.Millisecond)))
	defer tick.Stop()
	u, onDisk := s.listener.Addr().(*net.UnixAddr)
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		s.mu.Lock()
		idle := s.running == 0 && time.Since(s.last) >= s.Idle
		s.mu.Unlock()
		if idle {
			s.leave(fmt.Sprintf("no request for %v", s.Idle), false)
			return
		}
		if onDisk && u.Name != "" {
			if _, err := os.Lstat(u.Name); errors.Is(err, os.ErrNotExist) {
				s.leave("the socket was removed", true)
				return
			}
		}
	}
}

// hangUp ends the connections and waits for their goroutines, but not for ever.
func (s *server) hangUp() {
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.open.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(farewell / 3):
	}
}
