package kernel

import (
	"syscall"
	"unsafe"
)

// threadTime returns the processor time of this thread in seconds.
func threadTime() float64 {
	const clockThread = 3 // CLOCK_THREAD_CPUTIME_ID
	var ts syscall.Timespec
	_, _, _ = syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockThread, uintptr(unsafe.Pointer(&ts)), 0)
	return float64(ts.Nano()) / 1e9
}
