package server

import (
	"os"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/memory"
	"github.com/neuronsteer/neuronsteer/internal/resident"
)

// status describes the process.
func (s *server) status() resident.Status {
	st := resident.Status{
		PID: os.Getpid(), Build: s.BuildID, Protocol: resident.Protocol,
		Uptime: time.Since(s.started).Seconds(), Idle: s.Idle.Seconds(), Models: s.models.list(), Memory: memory.Own(),
	}
	st.Available, _, _ = memory.Available()
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Running, st.Served = s.running, s.served
	return st
}
