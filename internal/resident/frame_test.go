package resident

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// frames are one of each kind.
func frames() []Frame {
	var zero float32
	return []Frame{
		{Type: TypeHello, Hello: &Hello{Protocol: 1, Build: "a/b", Nonce: "n", PID: 7}},
		{Type: TypeRun, ID: 1, Run: &Run{Model: "m", Store: "/s", Request: steer.Request{Kind: "k", Version: 2, Settings: json.RawMessage(`{"p":"<|x|> & \u003c"}`)}}},
		{Type: TypeEvent, ID: 1, Event: &steer.Event{Phase: "generate", Done: 1, Token: " <é>\n"}},
		{Type: TypeError, ID: 1, Errors: []*engine.Error{{Code: engine.BadText, Task: "t", Text: "x", Hint: "y"}}},
		{Type: TypeStatus, Status: &Status{PID: 1, Models: []ModelStatus{{Name: "a", Loaded: true}}}},
		{Type: TypeStop, Drain: true},
		{Type: TypeRecord, ID: 1 << 60, Header: &steer.Header{Body: json.RawMessage(`{"a":"\u003c<"}`), Request: steer.Request{Settings: json.RawMessage("1")}},
			Tensors: map[string]steer.Tensor{
				"b": {Shape: []int{2, 2}, Data: []float32{1, -zero, zero / zero, 1e-45}},
				"a": {Shape: []int{0, 9}, Data: []float32{}},
				"s": {Shape: nil, Data: []float32{3}},
			}},
	}
}

func TestFramesFollowEachOther(t *testing.T) {
	var b bytes.Buffer
	for _, f := range frames() {
		if err := WriteFrame(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	all := b.Bytes()
	for _, want := range frames() {
		got, err := ReadFrame(&b)
		if err != nil {
			t.Fatal(err)
		}
		for name, x := range want.Tensors {
			if y := got.Tensors[name]; !x.Equal(y) {
				t.Errorf("tensor %s: %v, want %v", name, y, x)
			}
		}
		if len(got.Tensors) != len(want.Tensors) {
			t.Errorf("tensors %v", got.Tensors)
		}
		got.Tensors, want.Tensors = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, err := ReadFrame(&b); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	for n := range all { // every cut is seen
		r := bytes.NewReader(all[:n])
		err, count := error(nil), 0
		for ; err == nil; count++ {
			_, err = ReadFrame(r)
		}
		if count > len(frames()) || (!errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
}

// raw puts a frame together without the checks of WriteFrame.
func raw(header string, promised uint64, payload int) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(header)))
	b = binary.LittleEndian.AppendUint64(b, promised)
	return append(append(b, header...), make([]byte, payload)...)
}

func TestFramesThatAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"magic":         []byte("HTTP/1.1 200 OK\r\n\r\n"),
		"version":       append([]byte("nsf\x02"), make([]byte, 12)...),
		"header length": append([]byte(magic), "\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00"...),
		"payload":       append([]byte(magic), "\x02\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff{}"...),
		"sum":           raw(`{"tensors":[{"name":"a","shape":[17179869184]},{"name":"b","shape":[17179869184]}]}`, 1<<37, 8),
		"JSON":          raw(`{"type":`, 0, 0),
		"type":          raw(`{"type":1}`, 0, 0),
		"no tensors":    raw(`{"type":"record"}`, 4, 4),
		"too few bytes": raw(`{"tensors":[{"name":"a","shape":[2]}]}`, 4, 4),
		"too many":      raw(`{"tensors":[{"name":"a","shape":[2]}]}`, 12, 12),
		"negative":      raw(`{"tensors":[{"name":"a","shape":[-1,-1]}]}`, 4, 4),
		"overflow":      raw(`{"tensors":[{"name":"a","shape":[4294967296,4294967296]}]}`, 0, 0),
		"twice":         raw(`{"tensors":[{"name":"a","shape":[1]},{"name":"a","shape":[1]}]}`, 8, 8),
		"rank":          raw(`{"tensors":[{"name":"a","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}]}`, 4, 4),
		"number":        raw(`{"tensors":[`+strings.Repeat(`{"name":"a","shape":[0]},`, maxTensors)+`{"name":"a","shape":[0]}]}`, 0, 0),
	} {
		if f, err := ReadFrame(bytes.NewReader(b)); !errors.Is(err, errFrame) {
			t.Errorf("%s: %v, %+v", name, err, f)
		}
	}
}

// What a frame promises costs no memory before it arrives.
func TestPromisesCostNothing(t *testing.T) {
	b := raw(`{"tensors":[{"name":"a","shape":[8589934592]}]}`, 32<<30, 100)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := ReadFrame(bytes.NewReader(b)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Fatalf("%d bytes for a frame of %d", n, len(b))
	}
}

func TestWriteFrameRefusesShapes(t *testing.T) {
	var b bytes.Buffer
	err := WriteFrame(&b, Frame{Type: TypeRecord, Tensors: map[string]steer.Tensor{"a": {Shape: []int{2}, Data: make([]float32, 3)}}})
	if err == nil || b.Len() > 0 {
		t.Fatal(err, b.Len())
	}
}

func FuzzReadFrame(f *testing.F) {
	for _, x := range frames() {
		var b bytes.Buffer
		if err := WriteFrame(&b, x); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add(raw(`{"tensors":[{"name":"a","shape":[8589934592]}]}`, 32<<30, 8))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := ReadFrame(bytes.NewReader(b))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := WriteFrame(&again, x); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFrame(&again); err != nil {
			t.Fatal(err)
		}
	})
}
