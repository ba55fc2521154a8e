package backend

import (
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Every number is dealt out once, whoever calls at the same time and however the work is cut.
func TestTeamDealsOutEverything(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		team := newTeam(workers)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				var s scratch
				for _, n := range []int{0, 1, 2, 7, 100, 1001} {
					for _, step := range []int{0, 1, 3, 64, 5000} {
						seen := make([]atomic.Int32, n)
						team.enter()
						team.each(&s, n, step, func(_ *scratch, from, to int) {
							if to-from > max(step, 1) {
								t.Errorf("a chunk of %d, at most %d", to-from, step)
							}
							for i := from; i < to; i++ {
								seen[i].Add(1)
							}
						})
						team.leave()
						for i := range seen {
							if k := seen[i].Load(); k != 1 {
								t.Errorf("%d of %d was dealt out %d times", i, n, k)
							}
						}
					}
				}
			})
		}
		wg.Wait()
		team.close()
	}
}

// TestEach: what the backend's workers are lent for is dealt out once, in chunks, and nobody is taken for at work afterwards.
func TestEach(t *testing.T) {
	b := New(3)
	defer b.Close()
	for _, n := range []int{0, 1, 5, 1000} {
		seen := make([]atomic.Int32, n)
		b.Each(n, 7, func(from, to int) {
			if to-from > 7 {
				t.Errorf("a chunk of %d, at most 7", to-from)
			}
			for i := from; i < to; i++ {
				seen[i].Add(1)
			}
		})
		for i := range seen {
			if k := seen[i].Load(); k != 1 {
				t.Errorf("%d of %d was dealt out %d times", i, n, k)
			}
		}
	}
	if k := b.team.running.Load(); k != 0 {
		t.Errorf("%d are taken for running afterwards", k)
	}
}

// A single caller is helped: two chunks that wait for each other end.
func TestTeamHelps(t *testing.T) {
	team := newTeam(2)
	defer team.close()
	var s scratch
	team.enter()
	defer team.leave()
	var met sync.WaitGroup
	met.Add(2)
	done := make(chan struct{})
	go func() {
		team.each(&s, 2, 1, func(*scratch, int, int) { met.Done(); met.Wait() })
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("nobody helps")
	}
}

// After close helpers are gone and callers go on alone.
func TestTeamClosed(t *testing.T) {
	team := newTeam(4)
	var s scratch
	sum := 0
	team.enter()
	team.each(&s, 10, 1, func(*scratch, int, int) {})
	team.close()
	deadline := time.Now().Add(30 * time.Second)
	for team.helpers.Load() > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d helpers after close", team.helpers.Load())
		}
		time.Sleep(time.Millisecond)
	}
	team.each(&s, 10, 1, func(_ *scratch, from, to int) { sum += to - from })
	team.leave()
	if sum != 10 {
		t.Errorf("%d of 10", sum)
	}
}

// Who looks for something to do gives up early where the processors are wanted: by callers, or by another program, which took one away.
func TestTeamLooksBriefly(t *testing.T) {
	const step = 10 * time.Microsecond
	team := newTeam(2)
	var now, jump time.Duration
	team.now = func() time.Duration {
		now += step + jump
		jump = 0
		return now
	}
	patience := func(own int) time.Duration {
		start := now
		if team.look(own, func() bool { return false }) {
			t.Fatal("found what is not there")
		}
		return now - start - step // the first look at the clock
	}
	expect := func(what string, own int, want time.Duration) {
		t.Helper()
		if got := patience(own); got != want {
			t.Errorf("%s: looked for %v, want %v", what, got, want)
		}
	}
	expect("nobody else", 0, longSpin)
	team.enter()
	team.enter()
	expect("a helper of two callers", 0, shortSpin)
	expect("a caller that waits for its helper", 1, longSpin)
	team.leave()
	expect("a helper of one caller", 0, longSpin)
	team.leave()
	expect("once", 0, longSpin)
	first := true
	team.look(0, func() bool {
		if first {
			first, jump = false, lost
		}
		return false
	})
	expect("the processor was lost", 0, shortSpin)
	now += crowdedly
	expect("a while ago", 0, longSpin)
	if !team.look(0, func() bool { return true }) {
		t.Error("what is there was not found")
	}
}

// Everyone has a part of his own, the same one in every job, and takes from others when it is done.
func TestPortions(t *testing.T) {
	for range 2 {
		j := newJob(100, 16, 2, nil) // seven chunks
		var first, second [][2]int
		for {
			from, to, ok := j.take(1)
			if !ok {
				break
			}
			second = append(second, [2]int{from, to})
			if len(second) > 1 {
				continue
			}
			if from, to, ok = j.take(0); ok {
				first = append(first, [2]int{from, to})
			}
		}
		if want := [][2]int{{0, 16}}; !reflect.DeepEqual(first, want) {
			t.Errorf("the first took %v, want %v", first, want)
		}
		if want := [][2]int{{48, 64}, {64, 80}, {80, 96}, {96, 100}, {16, 32}, {32, 48}}; !reflect.DeepEqual(second, want) {
			t.Errorf("the second took %v, want %v", second, want)
		}
	}
}
