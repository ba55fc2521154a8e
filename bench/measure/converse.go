package measure

import (
	"bufio"
	"io"
	"os/exec"
)

// Converse starts a program that answers a line with a line.
func Converse(cmd *exec.Cmd) (in io.WriteCloser, out *bufio.Scanner, err error) {
	in, err = cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	lines, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return in, bufio.NewScanner(lines), cmd.Start()
}
