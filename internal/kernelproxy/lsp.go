package kernelproxy

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os/exec"
	"strconv"
	"sync"
)

// A languageServer is a process that speaks the Language Server Protocol over its standard input and output.
type languageServer struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	ended chan struct{}

	mu   sync.Mutex
	next int
	wait map[int]chan answer
}

type answer struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// maxFrame is more bytes than an answer has.
const maxFrame = 64 << 20

// startServer starts the program in a folder.
func startServer(program, dir string, env []string) (*languageServer, error) {
	s := &languageServer{ended: make(chan struct{}), wait: map[int]chan answer{}}
	s.cmd = exec.Command(program) //nolint:noctx // close ends it
	s.cmd.Dir, s.cmd.Env = dir, env
	attach(s.cmd)
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startForGood(s.cmd, func() {
		s.read(bufio.NewReader(out))
		_ = s.cmd.Wait()
		close(s.ended)
	}); err != nil {
		return nil, err
	}
	return s, nil
}

// read hands each answer to who waits for it, and answers what the server asks with nothing.
func (s *languageServer) read(in *bufio.Reader) {
	for {
		head, err := textproto.NewReader(in).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, err := strconv.Atoi(head.Get("Content-Length"))
		if err != nil || n < 0 || n > maxFrame {
			return
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			answer
		}
		if json.Unmarshal(body, &m) != nil || len(m.ID) == 0 {
			continue
		}
		if m.Method != "" {
			_ = s.write(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": nil})
			continue
		}
		id, err := strconv.Atoi(string(m.ID))
		if err != nil {
			continue
		}
		s.mu.Lock()
		c := s.wait[id]
		delete(s.wait, id)
		s.mu.Unlock()
		if c != nil {
			c <- m.answer
		}
	}
}

func (s *languageServer) write(m any) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(b), b)
	return err
}

// notify tells the server something.
func (s *languageServer) notify(method string, params any) error {
	return s.write(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// call asks the server and reads its answer into result.
func (s *languageServer) call(ctx context.Context, method string, params, result any) error {
	c := make(chan answer, 1)
	s.mu.Lock()
	s.next++
	id := s.next
	s.wait[id] = c
	s.mu.Unlock()
	if err := s.write(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params}); err != nil {
		return err
	}
	select {
	case a := <-c:
		if a.Error != nil {
			return errors.New(a.Error.Message)
		}
		return json.Unmarshal(a.Result, result)
	case <-s.ended:
		return errEnded
	case <-ctx.Done():
		return errors.Join(ctx.Err(), s.notify("$/cancelRequest", map[string]any{"id": id}))
	}
}

// close ends the server.
func (s *languageServer) close() {
	_ = s.in.Close()
	_ = s.cmd.Process.Kill()
	<-s.ended
}
