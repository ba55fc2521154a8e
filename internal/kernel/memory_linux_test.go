package kernel

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// mapped reports whether an address lies in this process's memory.
func mapped(t *testing.T, address uintptr) bool {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(maps)) {
		var from, to uintptr
		if _, err := fmt.Sscanf(line, "%x-%x", &from, &to); err == nil && from <= address && address < to {
			return true
		}
	}
	return false
}

// TestForgottenMatrixIsReleased: a matrix that nobody holds gives its memory back, and one that computes does not before it is done.
func TestForgottenMatrixIsReleased(t *testing.T) {
	const n, k = 4096, 4096
	address := func() uintptr {
		m, err := Pack(F32, n, k, make([]byte, n*k*4))
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		var s Scratch
		m.Forward(&s, 1, make([]float32, k), k, make([]float32, n), n, 0, m.Panels())
		return uintptr(unsafe.Pointer(unsafe.SliceData(m.data)))
	}()
	for range 200 {
		if !mapped(t, address) {
			return
		}
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the memory of a matrix that nobody holds is still there")
}

// TestCloseReleases: at once.
func TestCloseReleases(t *testing.T) {
	m := pack(t, 4096, 1024, make([]float32, 4096*1024))
	address := uintptr(unsafe.Pointer(unsafe.SliceData(m.data)))
	if !mapped(t, address) {
		t.Fatal("the memory of a matrix is not mapped")
	}
	if err := m.Close(); err != nil || mapped(t, address) {
		t.Error("a closed matrix keeps its memory", err)
	}
}
