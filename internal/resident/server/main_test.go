//go:build linux

package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/resident/server"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestMain makes the test's binary the engine's program and a cell too: the tests start it again, as a notebook would.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "serve":
		end(serve(os.Args[2:]))
	case len(os.Args) > 1 && os.Args[1] == "version":
		fmt.Printf("neuronsteer test, go, linux/amd64, build %s\n", resident.OwnBuild())
		os.Exit(0)
	case len(os.Args) > 1 && os.Args[1] == "cell":
		end(cell(os.Args[2], os.Args[3]))
	case len(os.Args) > 1 && os.Args[1] == "kernel":
		end(kernel(os.Args[2]))
	}
	root, err := os.MkdirTemp("", "nsr")
	end1(err)
	end1(os.Setenv("TMPDIR", root))
	end1(os.Setenv("NEURONSTEER_STORE", filepath.Join(root, "results")))
	end1(os.Unsetenv("GONB_TMP_DIR"))
	code := m.Run()
	if left := processes(root); len(left) > 0 {
		fmt.Fprintf(os.Stderr, "processes are left: %v\n", left)
		code = 1
	}
	end1(os.RemoveAll(root))
	os.Exit(code)
}

func end(err error) {
	end1(err)
	os.Exit(0)
}

func end1(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// processes returns the command lines that name root, after those that are just ending have had their time.
func processes(root string) (left []string) {
	for range 40 {
		left = nil
		all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, p := range all {
			if b, err := os.ReadFile(p); err == nil && strings.Contains(string(b), root) {
				left = append(left, strings.ReplaceAll(string(b), "\x00", " "))
			}
		}
		if len(left) == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return left
}

var model = steer.Identity{Model: "aa", Tokenizer: "bb"}

// serve is the engine's program with a fake model.
func serve(args []string) error {
	s, err := store.Open("")
	if err != nil {
		return err
	}
	return server.Main(context.Background(), flag.NewFlagSet("serve", flag.ContinueOnError), args, server.Options{
		Store: s.Dir(), Keep: func(rec steer.Record) (string, error) {
			path, err := s.Keep(rec)
			if strings.Contains(string(rec.Header.Request.Settings), `"torn"`) { // as if it was pruned before it was read
				err = os.Remove(path)
			}
			return path, err
		},
		Need: func(ref string) (int64, error) {
			if ref == "huge" {
				return 1 << 50, nil
			}
			return 1 << 20, nil
		},
		Open: func(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error) {
			mark("open-" + ref)
			if ref == "unknown" {
				return nil, engine.Errorf(engine.UnknownModel, ref, "no such model").Try("teaching")
			}
			emit(steer.Event{Phase: "load", Done: 1, Total: 1})
			switch ref {
			case "panics":
				panic("at the door")
			case "deaf": // to being canceled
				time.Sleep(time.Second)
			case "slow to open":
				select {
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-time.After(time.Second):
				}
			}
			if ref == "steertest" {
				return steertest.NewModel().Runner(), nil
			}
			return fake(ref), nil
		},
	})
}

// mark leaves a trace that a test can count: a line in a file of the store's folder.
func mark(name string) {
	f, err := os.OpenFile(filepath.Join(os.Getenv("NEURONSTEER_STORE"), "..", "mark-"+name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		fmt.Fprintf(f, "%d\n", time.Now().UnixNano())
		f.Close()
	}
}

// settings of the fake model's requests.
type settings struct {
	Do      string `json:"do"`      // "answer", "torn", "wait", "slow", "linger", "panic", "fail", "fail twice"
	Numbers int    `json:"numbers"` // of the answer's tensor
	Nth     int    `json:"nth"`     // makes requests different
}

func request(s settings) steer.Request {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return steer.Request{Kind: "fake", Version: 1, Settings: b}
}

// fake returns a runner whose answers depend only on the request.
func fake(ref string) steer.Runner {
	return steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if emit == nil {
			emit = func(steer.Event) {}
		}
		var s settings
		if err := json.Unmarshal(r.Settings, &s); err != nil {
			return steer.Record{}, engine.Errorf(engine.BadRequest, "fake", "%v", err)
		}
		switch s.Do {
		case "wait": // until it is canceled
			emit(steer.Event{Phase: "waits"})
			<-ctx.Done()
			mark(fmt.Sprint("canceled-", s.Nth))
			return steer.Record{}, ctx.Err()
		case "slow": // a second of work
			emit(steer.Event{Phase: "works"})
			select {
			case <-ctx.Done():
				return steer.Record{}, ctx.Err()
			case <-time.After(time.Second):
			}
		case "linger": // for a second, whatever happens
			emit(steer.Event{Phase: "lingers"})
			time.Sleep(time.Second)
		case "panic":
			var none []int
			_ = none[s.Numbers]
		case "fail":
			return steer.Record{}, engine.Errorf(engine.NotOneToken, "fake", "it is 3 tokens").Try("another word")
		case "fail twice":
			return steer.Record{}, errors.Join(engine.Errorf(engine.NotOneToken, "fake", "a"), engine.Errorf(engine.SameToken, "fake", "b").Try("c"))
		}
		emit(steer.Event{Phase: "generate", Done: 1, Total: 2, Token: " <a"})
		emit(steer.Event{Phase: "generate", Done: 2, Total: 2, Token: "é"})
		x := make([]float32, s.Numbers)
		for i := range x {
			x[i] = float32(i*s.Nth) - 0.5
		}
		return steer.Record{
			Header: steer.Header{Request: r, Identity: model, Model: ref, Engine: "fake", Tool: "test",
				Warnings: []engine.Warning{{Code: "few", Text: "few < many"}}, Body: json.RawMessage(`{"text":"<é>\u003c"}`)},
			Tensors: map[string]steer.Tensor{
				"x":     {Shape: []int{1, s.Numbers}, Data: x},
				"empty": {Shape: []int{0, 7}, Data: []float32{}},
			},
		}, nil
	})
}

// cell is a process that asks for one record in the session at folder and prints what it got.
func cell(folder, do string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	s := resident.Session{Folder: folder, Kernel: os.Getppid(), Program: program}
	if _, err := resident.New(s, "teaching").Run(context.Background(), request(settings{Do: do, Numbers: 3, Nth: 1}), func(e steer.Event) {
		fmt.Println("event", e.Phase)
	}); err != nil {
		return err
	}
	st, _, err := s.Status(context.Background())
	fmt.Println("pid", st.PID)
	return err
}
