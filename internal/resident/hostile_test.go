//go:build unix

package resident

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// hostile serves a session of its own with answer, which gets each request and what it can be answered on. It knows the
// nonce.
func hostile(t *testing.T, answer func(c *Conn, q steer.Request)) Session {
	t.Helper()
	folder, err := os.MkdirTemp("", "h") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	s := Session{Folder: folder, Program: "/bin/false"}
	nonce, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", s.socket())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			rw, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer rw.Close()
				id, _ := Build(t.Context(), s.Program)
				c, err := Accept(rw, Hello{Protocol: Protocol, Nonce: nonce, Build: id})
				if err != nil {
					return
				}
				for {
					f, err := c.Receive()
					if err != nil {
						return
					}
					if f.Type == TypeRun {
						_ = c.Send(Frame{Type: TypeAccepted, ID: f.ID})
						answer(c, f.Run.Request)
					}
				}
			}()
		}
	}()
	return s
}

// kept returns a store and the record of a question in it.
func kept(t *testing.T, settings string) (*store.Store, steer.Record) {
	t.Helper()
	st, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rec := steer.Record{
		Header: steer.Header{
			Request:  steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage(settings)},
			Identity: steer.Identity{Model: "aa", Tokenizer: "bb"}, Body: json.RawMessage(`{"answer":"Paris"}`),
		},
		Tensors: map[string]steer.Tensor{"x": {Shape: []int{1}, Data: []float32{1}}},
	}
	if _, err := st.Keep(rec); err != nil {
		t.Fatal(err)
	}
	return st, rec
}

// Whatever a process names or sends, a client takes the record of its own question alone, and opens no file but that.
func TestClientTakesItsOwnRecordAlone(t *testing.T) {
	st, france := kept(t, `{"prompt":"The capital of France is"}`)
	peru := steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage(`{"prompt":"The capital of Peru is"}`)}
	mine := france.Header
	mine.Request = peru
	nobodys := mine
	nobodys.Identity = steer.Identity{}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	twin, err := store.Open(t.TempDir()) // holds the very record, and is not where this client's results are
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := twin.Keep(steer.Record{Header: mine, Tensors: france.Tensors})
	if err != nil {
		t.Fatal(err)
	}
	own := st.Path(peru.Ref(mine.Identity))
	other := st.Path(france.Header.Request.Ref(france.Header.Identity))
	for name, f := range map[string]Frame{
		"France's record":             {Header: &france.Header, Tensors: france.Tensors},
		"France's file":               {Header: &france.Header, Path: other},
		"France's file as Peru's":     {Header: &mine, Path: other},
		"its own record elsewhere":    {Header: &mine, Path: elsewhere},
		"a device":                    {Header: &mine, Path: "/dev/zero"},
		"a pipe":                      {Header: &mine, Path: pipe},
		"a file of the system":        {Header: &mine, Path: "/etc/passwd"},
		"no header":                   {},
		"nobody's model":              {Header: &nobodys, Tensors: france.Tensors},
		"its own file, a pipe":        {Header: &mine, Path: own},
		"a file with numbers as well": {Header: &mine, Path: own, Tensors: france.Tensors},
	} {
		if strings.HasPrefix(name, "its own file") {
			if err := syscall.Mkfifo(own, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		f.Type, f.ID = TypeRecord, 1
		s := hostile(t, func(c *Conn, _ steer.Request) { _ = c.Send(f) })
		s.Store = st.Dir()
		start := time.Now()
		rec, err := New(s, "teaching").Run(t.Context(), peru, nil)
		if err == nil || time.Since(start) > 5*time.Second {
			t.Errorf("%s: %s was believed after %v", name, rec.Header.Body, time.Since(start))
		}
		_ = os.Remove(own)
	}
	s := hostile(t, func(c *Conn, _ steer.Request) {
		_ = c.Send(Frame{Type: TypeRecord, ID: 1, Header: &mine, Tensors: france.Tensors})
	})
	if _, err := New(s, "teaching").Run(t.Context(), peru, nil); err != nil {
		t.Error("its own record:", err)
	}
}

// Numbers come with the record of the request that was asked, and with nothing else.
func TestPayloadOnlyWithTheRecord(t *testing.T) {
	for name, f := range map[string]Frame{
		"event":            {Type: TypeEvent, ID: 1, Event: &steer.Event{}},
		"pong":             {Type: TypePong},
		"another's record": {Type: TypeRecord, ID: 2, Header: &steer.Header{}},
	} {
		f.Tensors = map[string]steer.Tensor{"x": {Shape: []int{1 << 16}, Data: make([]float32, 1<<16)}}
		s := hostile(t, func(c *Conn, _ steer.Request) { _ = c.Send(f) })
		_, err := New(s, "teaching").Run(t.Context(), steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage("{}")}, nil)
		if !errors.Is(err, engine.Internal) || !strings.Contains(err.Error(), "payload") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Before the nonce is known, and from clients at all times, no more is taken than they can have to say.
func TestStrangersAreHeardBriefly(t *testing.T) {
	hello := func(me Hello) []byte {
		var b bytes.Buffer
		if err := WriteFrame(&b, Frame{Type: TypeHello, Hello: &me}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	good := hello(Hello{Protocol: Protocol, Nonce: "n"})
	for name, c := range map[string]struct {
		sent   []byte
		accept bool
	}{
		"a hello":               {good, true},
		"a long hello":          {hello(Hello{Nonce: "n", Build: strings.Repeat("x", maxHello)}), false},
		"a promise of 64 MB":    {raw(strings.Repeat(" ", MaxHeader), 0, 0)[:16], false},
		"numbers with a hello":  {raw(`{"type":"hello","hello":{"nonce":"n"},"tensors":[{"name":"x","shape":[1073741824]}]}`, 4<<30, 100), false},
		"numbers after a hello": {append(bytes.Clone(good), raw(`{"type":"ping","tensors":[{"name":"x","shape":[1073741824]}]}`, 4<<30, 100)...), true},
	} {
		a, b := net.Pipe()
		go func() { _, _ = b.Write(c.sent) }()
		go func() { _, _ = io.Copy(io.Discard, b) }()
		conn, err := Accept(a, Hello{Protocol: Protocol, Nonce: "n"})
		if (err == nil) != c.accept {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && name != "a hello" {
			if _, err := conn.Receive(); !errors.Is(err, errFrame) {
				t.Errorf("%s: %v", name, err)
			}
		}
		a.Close()
		b.Close()
	}
}

// A process that stands still under a request is noticed; one that only takes its time is not.
func TestProcessThatStandsStill(t *testing.T) {
	for name, c := range map[string]struct {
		pongs bool
		want  error
	}{"stands still": {false, os.ErrDeadlineExceeded}, "takes its time": {true, nil}} {
		client, server := net.Pipe()
		go func() {
			s := &Conn{rw: server, may: words}
			for n := 1; ; n++ {
				f, err := s.Receive()
				if err != nil {
					return
				}
				if f.Type == TypePing && c.pongs {
					_ = s.Send(Frame{Type: TypePong})
				}
				if n == 5 {
					_ = s.Send(Frame{Type: TypeRecord, ID: 1})
				}
			}
		}()
		conn := &Conn{rw: client}
		conn.expect(1)
		conn.quiet = 20 * time.Millisecond
		var f Frame
		var err error
		for err == nil && f.Type != TypeRecord {
			f, err = conn.Receive()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		client.Close()
		server.Close()
	}
	if wait := quiet * maxQuiet; wait > 10*time.Second {
		t.Errorf("a cell waits %v", wait)
	}
}

// What a program writes when its own runtime ends it is not shown to people: the reason is.
func TestTailShowsNoTrace(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "it wrote nothing to ",
		"no such library\nbye\n": "no such library | bye",
		"pid 3 serves\npanic: runtime error: index out of range [3]\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:3 +0x1d\n": "pid 3 serves | panic: runtime error: index out of range [3]; more is in ",
		"fatal error: failed to reserve page summary memory\n\nruntime stack:\nruntime.throw({0x1, 0x2})\n":                    "fatal error: failed to reserve page summary memory; more is in ",
		"runtime: cannot allocate memory\nfatal error: out of memory\n\ngoroutine 7:\n":                                        "runtime: cannot allocate memory; more is in ",
		"SIGBUS: bus error\nPC=0x0 m=0 sigcode=2\n\ngoroutine 0 [idle]:\n":                                                     "SIGBUS: bus error; more is in ",
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte("before\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := tail(path, int64(len("before\n")))
		if got != want && got != want+path {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
