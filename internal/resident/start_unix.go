//go:build unix

package resident

import (
	"os/exec"
	"syscall"
)

// detach gives the process a session of its own: the kernel's end, an interrupt of the cell and a closed terminal send it
// no signal. It watches the kernel itself.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
