package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

var model = steer.Identity{Model: "aa", Tokenizer: "bb"}

// request returns the nth of the requests that these tests use.
func request(n int) steer.Request {
	return steer.Request{Kind: "predict", Version: 1, Settings: json.RawMessage(fmt.Sprintf(`{"prompt":"<s> %d"}`, n))}
}

// record returns what the nth request gives: numbers that are NaN and negative zero among them, and a tensor without any.
func record(n, numbers int) steer.Record {
	x := make([]float32, numbers)
	for i := range x {
		x[i] = float32(i) * 1.5
	}
	if numbers > 1 {
		var zero float32
		x[0], x[1] = zero/zero, -zero
	}
	return steer.Record{
		Header: steer.Header{
			Request: request(n), Identity: model, Model: "teaching", Engine: "fake", Tool: "test",
			Warnings: []engine.Warning{{Code: "sink", Text: "a < b & c"}}, Body: json.RawMessage(`{"text":"<b>é\u003c"}`),
		},
		Tensors: map[string]steer.Tensor{
			"scores": {Shape: []int{numbers, 1}, Data: x},
			"empty":  {Shape: []int{3, 0}, Data: []float32{}},
		},
	}
}

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func same(a, b steer.Record) bool {
	x, errA := json.Marshal(a.Header)
	y, errB := json.Marshal(b.Header)
	return errA == nil && errB == nil && bytes.Equal(x, y) && bytes.Equal(a.Header.Body, b.Header.Body) &&
		maps.EqualFunc(a.Tensors, b.Tensors, steer.Tensor.Equal)
}

func put(t *testing.T, s *Store, rec steer.Record) steer.Ref {
	t.Helper()
	ref := rec.Header.Request.Ref(rec.Header.Identity)
	if err := s.Put(ref, rec); err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestPutGet(t *testing.T) {
	s := open(t)
	for n, numbers := range []int{0, 5, many} {
		rec := record(n, numbers)
		ref := put(t, s, rec)
		for range 2 {
			got, ok, err := s.Get(ref)
			if err != nil || !ok || !same(got, rec) {
				t.Fatalf("%d numbers: ok %v, err %v, header %+v", numbers, ok, err, got.Header)
			}
		}
	}
	if _, ok, err := s.Get(request(9).Ref(model)); ok || err != nil {
		t.Fatalf("a result that was never kept: %v, %v", ok, err)
	}
	left, err := filepath.Glob(filepath.Join(s.Dir(), ".new-*"))
	if err != nil || len(left) > 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
}

func TestPutRefusesAnotherAddress(t *testing.T) {
	s := open(t)
	if err := s.Put(request(2).Ref(model), record(1, 4)); !errors.Is(err, engine.Internal) {
		t.Fatal(err)
	}
}

// Every flipped bit and every cut of a file is found, or does not change the record.
func TestDamagedFileIsNotBelieved(t *testing.T) {
	var b bytes.Buffer
	rec := record(1, 3)
	ref := rec.Header.Request.Ref(model)
	if err := encode(&b, ref, rec); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range b.Len() {
		for bit := range 8 {
			c := bytes.Clone(b.Bytes())
			c[i] ^= 1 << bit
			got, at, err := Decode(c)
			if err != nil {
				refused++
			} else if !same(got, rec) || at != ref {
				t.Fatalf("byte %d, bit %d: another record was believed", i, bit)
			}
		}
		if _, _, err := Decode(b.Bytes()[:i]); err == nil {
			t.Fatalf("a file cut after %d bytes was believed", i)
		}
	}
	if refused < 8*b.Len()*9/10 {
		t.Fatalf("only %d of %d flips were refused", refused, 8*b.Len())
	}
}

func TestDamagedFileIsMovedAside(t *testing.T) {
	for _, numbers := range []int{5, many} {
		for name, damage := range map[string]func([]byte) []byte{
			"truncated": func(b []byte) []byte { return b[:len(b)-1] },
			"empty":     func([]byte) []byte { return nil },
			"flipped":   func(b []byte) []byte { b[len(b)-3] ^= 16; return b },
			"foreign":   func([]byte) []byte { return []byte("GIF89a") },
			"another's header": func([]byte) []byte {
				var b bytes.Buffer
				if err := encode(&b, request(1).Ref(model), record(2, numbers)); err != nil {
					t.Fatal(err)
				}
				return b.Bytes()
			},
			"another": func([]byte) []byte {
				var b bytes.Buffer
				other := record(2, numbers)
				if err := encode(&b, other.Header.Request.Ref(model), other); err != nil {
					t.Fatal(err)
				}
				return b.Bytes()
			},
		} {
			s := open(t)
			rec := record(1, numbers)
			ref := put(t, s, rec)
			if name == "truncated" { // also by a process that has read it
				if _, ok, err := s.Get(ref); !ok || err != nil {
					t.Fatal(ok, err)
				}
			}
			b, err := os.ReadFile(s.Path(ref))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(s.Path(ref), damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, ok, err := s.Get(ref); ok || err != nil {
				t.Fatalf("%s: believed %v, err %v", name, ok, err)
			}
			list, err := s.List()
			if err != nil || len(list) != 1 || !list[0].Damaged {
				t.Fatalf("%s: %v %+v", name, err, list)
			}
			put(t, s, rec)
			if got, ok, err := s.Get(ref); !ok || err != nil || !same(got, rec) {
				t.Fatalf("%s: after another Put: %v, %v", name, ok, err)
			}
		}
	}
}

// A folder where a result should be is set aside like any foreign file.
func TestFolderInPlaceOfFile(t *testing.T) {
	s := open(t)
	ref := request(1).Ref(model)
	if err := os.MkdirAll(filepath.Join(s.Path(ref), "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Get(ref); ok || err != nil {
		t.Fatal(ok, err)
	}
	put(t, s, record(1, 4))
	if removed, err := s.Prune(0); err != nil || len(removed) != 2 {
		t.Fatal(removed, err)
	}
}

// many is more numbers than a page of memory holds, or a buffer of a reader.
const many = 256 << 10

// A result that was read stays valid when its file is cut short, replaced or removed.
func TestResultOutlivesItsFile(t *testing.T) {
	s := open(t)
	rec := record(1, many)
	ref := put(t, s, rec)
	got, ok, err := s.Get(ref)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := os.Truncate(s.Path(ref), 1000); err != nil {
		t.Fatal(err)
	}
	if !same(got, rec) {
		t.Fatal("the numbers changed with the file")
	}
	put(t, s, rec)
	if _, err := s.Prune(0); err != nil {
		t.Fatal(err)
	}
	if !same(got, rec) {
		t.Fatal("the numbers changed with the file")
	}
	if _, ok, err := s.Get(ref); ok || err != nil {
		t.Fatal("a removed result was found", err)
	}
}

func TestKeep(t *testing.T) {
	s := open(t)
	path, err := s.Keep(record(1, 4))
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Keep(record(1, 4)); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil || !os.SameFile(before, after) {
		t.Fatal("kept twice", err)
	}
	rec, ref, err := ReadFile(path)
	if err != nil || ref != request(1).Ref(model) || !same(rec, record(1, 4)) {
		t.Fatal(ref, err)
	}
}

// An answer that holds only until more has been computed is not kept by whoever is handed it.
func TestKeepsNothingPassing(t *testing.T) {
	s := open(t)
	for _, k := range []message.Kind{message.PlanSettings{}.Kind(), message.EvidenceSettings{}.Kind()} {
		rec := record(1, 4)
		rec.Header.Request.Kind, rec.Header.Request.Version = k.Name, k.Version
		if path, err := s.Keep(rec); path != "" || err != nil {
			t.Errorf("%s: kept at %q, %v", k.Name, path, err)
		}
	}
	if st, err := s.Stats(); err != nil || st.Computed != 0 || st.Files != 0 {
		t.Errorf("the store counts %+v, %v", st, err)
	}
}

func TestOpenSaysWhatToSet(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE_MAX", "4GB")
	if _, err := Open(t.TempDir()); !errors.Is(err, engine.BadSetting) || engine.Mistakes(err)[0].Hint == "" {
		t.Fatal(err)
	}
	t.Setenv("NEURONSTEER_STORE_MAX", "")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); !errors.Is(err, engine.BadSetting) || engine.Mistakes(err)[0].Hint == "" {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("NEURONSTEER_STORE", dir)
	if s, err := Open(""); err != nil || s.Dir() != dir {
		t.Fatal(err)
	}
}

func FuzzDecode(f *testing.F) {
	for n, numbers := range []int{0, 3} {
		var b bytes.Buffer
		rec := record(n, numbers)
		if err := encode(&b, rec.Header.Request.Ref(model), rec); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()/2])
	}
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0, '{', '}'})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		rec, ref, err := Decode(slices.Clip(b))
		if err == nil && rec.Header.Request.Ref(rec.Header.Identity) != ref {
			t.Fatal("a record at another's address")
		}
	})
}
