//go:build unix

package store

import (
	"os"
	"syscall"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestFind: whole records that are wanted come in the order of their addresses; what is damaged, a pipe or gone is not there, and
// the numbers of what is not wanted are not read.
func TestFind(t *testing.T) {
	s := open(t)
	var refs []steer.Ref
	for i := range 6 {
		refs = append(refs, put(t, s, record(i, 4)))
	}
	wanted := func(skip string) func(steer.Header) bool {
		return func(h steer.Header) bool { return string(h.Request.Settings) != skip }
	}
	all, err := s.find(wanted(string(request(2).Settings)))
	if err != nil || len(all) != 5 {
		t.Fatal(len(all), err)
	}
	for i, r := range all {
		ref := r.Header.Request.Ref(r.Header.Identity)
		if i > 0 && ref.String() <= all[i-1].Header.Request.Ref(all[i-1].Header.Identity).String() {
			t.Errorf("%v is out of order", ref.Short())
		}
	}
	b, err := os.ReadFile(s.Path(refs[1]))
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1 // a number
	if err := os.WriteFile(s.Path(refs[1]), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.Path(refs[3])); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(s.Path(refs[3]), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.Path(refs[4]), 20); err != nil {
		t.Fatal(err)
	}
	if all, err = s.find(wanted("")); err != nil || len(all) != 3 {
		t.Errorf("%d records, %v", len(all), err)
	}
	if all, err = s.find(func(steer.Header) bool { return false }); err != nil || len(all) != 0 {
		t.Errorf("%d records, %v", len(all), err)
	}
}
