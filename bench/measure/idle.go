package measure

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Idle waits until other programs leave the machine alone, at most so long, and returns what of the processors they took
// in the last second, in processors. It is 0 where the system does not say.
func Idle(ctx context.Context, most time.Duration) (busy float64, err error) {
	const quiet = 0.1 // processors
	for end := time.Now().Add(most); ; {
		before, ok := used()
		start := time.Now()
		if !ok {
			return 0, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Second):
		}
		after, _ := used()
		busy = (after - before).Seconds() / time.Since(start).Seconds()
		if busy < quiet {
			return busy, nil
		}
		if time.Now().After(end) {
			return busy, fmt.Errorf("the machine is not idle: other programs take %.1f of its processors; end them, or say -busy", busy)
		}
	}
}

// used returns the processor time that all programs have taken since boot.
func used() (time.Duration, bool) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(b), "\n") // cpu user nice system idle iowait irq softirq steal, in ticks of 10 ms
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return 0, false
	}
	var ticks int64
	for i, v := range f[1:9] {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return 0, false
		}
		if i != 3 && i != 4 {
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond, true
}

// Machine names the processor, how many there are, and the memory, as the system says it.
func Machine() string {
	field := func(file, name string) string {
		b, err := os.ReadFile(file)
		if err != nil {
			return ""
		}
		for line := range strings.Lines(string(b)) {
			if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == name {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	var parts []string
	if v := field("/proc/cpuinfo", "model name"); v != "" {
		parts = append(parts, v)
	}
	vectors := "no AVX2"
	flags := " " + field("/proc/cpuinfo", "flags") + " "
	for _, f := range []string{"avx2", "avx512f"} {
		if strings.Contains(flags, " "+f+" ") {
			vectors = strings.ToUpper(f)
		}
	}
	parts = append(parts, vectors)
	if kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		parts = append(parts, fmt.Sprintf("%.0f GiB", kb/(1<<20)))
	}
	return strings.Join(parts, ", ")
}
