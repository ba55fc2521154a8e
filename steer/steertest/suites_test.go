package steertest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestFault is the suite on a broken implementation. It runs in a process of its own, where it is meant to fail.
func TestFault(t *testing.T) {
	kind, name, _ := strings.Cut(os.Getenv("STEERTEST_FAULT"), ":")
	switch kind {
	case "engine":
		steertest.TestEngine(t, func(*testing.T) engine.Engine { return open(engineFaults[name]) })
	case "runner":
		steertest.TestRunner(t, func(*testing.T) *steer.Model { return modelWith(runnerFaults()[name]) }, steertest.FakePrompts())
	}
}

// TestSuitesSeeFaults: each part of a suite fails on an implementation with the fault that it is there for.
func TestSuitesSeeFaults(t *testing.T) {
	var faults []string
	for name := range engineFaults {
		faults = append(faults, "engine:"+name)
	}
	for name := range runnerFaults() {
		faults = append(faults, "runner:"+name)
	}
	for _, f := range faults {
		t.Run(f, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestFault$")
			cmd.Env = append(os.Environ(), "STEERTEST_FAULT="+f)
			out, err := cmd.CombinedOutput()
			_, name, _ := strings.Cut(f, ":")
			name, _, _ = strings.Cut(name, "#")
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestFault/"+name) {
				t.Errorf("the suite lets it pass (%v):\n%s", err, out)
			}
		})
	}
}
