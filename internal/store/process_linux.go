package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"
)

// processBirth returns when process pid started, in ticks since the machine did, so that a number that was given to
// another process is not taken for the same one. ok is false when it is gone or a zombie.
func processBirth(pid int) (birth string, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	// The command's name, in parentheses, may hold anything; state is the first field after it, the start the twentieth.
	_, rest, _ := strings.Cut(string(b[max(0, bytes.LastIndexByte(b, ')')):]), " ")
	fields := strings.Fields(rest)
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return "", false
	}
	return fields[19], true
}

// place tells apart where numbers of processes mean different things: this start of this machine, and its namespace of
// processes, which a container has of its own.
var place = sync.OnceValue(func() string {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, _ := os.Readlink("/proc/self/ns/pid")
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s", boot, space))
	return hex.EncodeToString(sum[:4])
})
