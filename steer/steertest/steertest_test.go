package steertest_test

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

func TestFakeEngine(t *testing.T) {
	steertest.TestEngine(t, func(*testing.T) engine.Engine { return steertest.NewEngine() })
}

func TestFakeModel(t *testing.T) {
	steertest.TestRunner(t, func(*testing.T) *steer.Model { return steertest.NewModel() }, steertest.FakePrompts())
}
