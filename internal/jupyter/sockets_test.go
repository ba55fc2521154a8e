package jupyter

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A request that a client sends to a kernel arrives with the way back, the answer comes to that client, and what the kernel
// publishes to all.
func TestSockets(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	dir, err := os.MkdirTemp("", "nsk") //nolint:usetesting // of a socket the path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "kernel-1234-ab.json")
	if err := Within(dir, key).Write(path); err != nil {
		t.Fatal(err)
	}
	c, err := ReadConnection(path)
	if err != nil || c.Key != key || KernelID(path) != "1234-ab" || KernelID("/x/tmp1.json") != "" {
		t.Fatalf("%+v, %v, %q", c, err, KernelID(path))
	}
	late := make(chan *Sockets)
	go func() { // the client is first
		client, err := c.Dial(ctx)
		if err != nil {
			t.Error(err)
		}
		late <- client
	}()
	kernel, err := c.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer kernel.Close()
	client := <-late
	defer client.Close()
	for _, ch := range []Channel{Shell, Control, Stdin} {
		sent := New("question", map[string]any{"n": int(ch)})
		client.Send(ch, sent)
		m, err := kernel.Receive(ch)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Route) != 1 || string(m.Route[0]) != Identity || m.Header.ID != sent.Header.ID {
			t.Errorf("channel %d: %+v", ch, m)
		}
		kernel.Send(ch, m.Answer("answer", nil))
		a, err := client.Receive(ch)
		if err != nil || a.Parent.ID != sent.Header.ID {
			t.Errorf("channel %d: answer %+v, %v", ch, a, err)
		}
	}
	heard := make(chan *Message, 1)
	go func() {
		m, err := client.Published()
		if err == nil {
			heard <- m
		}
	}()
	for {
		kernel.Publish(New("status", nil)) // until the subscription has arrived
		select {
		case m := <-heard:
			if m.Header.Type != "status" {
				t.Errorf("heard %+v", m)
			}
			return
		case <-ctx.Done():
			t.Fatal("nothing that was published has arrived")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
