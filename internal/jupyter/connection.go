package jupyter

import (
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A Connection is what a connection file says: where a kernel listens and what its messages are signed with.
type Connection struct {
	Transport string `json:"transport"` // "tcp" or "ipc"
	IP        string `json:"ip"`        // of ipc the path that a hyphen and the port follow
	Key       string `json:"key"`       // empty: nothing is signed
	Scheme    string `json:"signature_scheme"`
	Shell     int    `json:"shell_port"`
	Control   int    `json:"control_port"`
	Stdin     int    `json:"stdin_port"`
	IOPub     int    `json:"iopub_port"`
	Heartbeat int    `json:"hb_port"`
}

// maxConnection is more bytes than a connection file has.
const maxConnection = 1 << 20

// ReadConnection reads a connection file. It is an error when it names a transport or a signature that is not known.
func ReadConnection(path string) (Connection, error) {
	var c Connection
	b, err := regular.ReadFile(path, maxConnection)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	switch {
	case err != nil:
		return c, fmt.Errorf("the connection file: %w", err)
	case c.Transport != "tcp" && c.Transport != "ipc":
		return c, fmt.Errorf("the connection file %s: transport %q, want tcp or ipc", path, c.Transport)
	case c.Key != "" && c.Scheme != "" && c.Scheme != "hmac-sha256":
		return c, fmt.Errorf("the connection file %s: signature_scheme %q, want hmac-sha256", path, c.Scheme)
	}
	return c, nil
}

// Within returns a connection whose sockets are files in a folder, which must be one that only its user can enter.
func Within(dir, key string) Connection {
	return Connection{Transport: "ipc", IP: filepath.Join(dir, "s"), Key: key, Scheme: "hmac-sha256", Shell: 1, Control: 2, Stdin: 3, IOPub: 4, Heartbeat: 5}
}

// Write writes the connection file, readable by its user alone.
func (c Connection) Write(path string) error {
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, b, 0o600)
}

func (c Connection) address(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return "tcp://" + net.JoinHostPort(c.IP, strconv.Itoa(port))
}

// KernelID returns the kernel's number in Jupyter, which the name of its connection file holds (kernel-ID.json), or "".
func KernelID(path string) string {
	name, ok := strings.CutPrefix(filepath.Base(path), "kernel-")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(name, ".json")
}
