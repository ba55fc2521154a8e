package measure

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

var started = time.Now()

// SinceExec returns the seconds since this process was started. The kernel keeps that moment in ticks of 10 ms after boot;
// where it cannot be read, time counts from the start of main.
func SinceExec() float64 {
	stat, err1 := os.ReadFile("/proc/self/stat")
	up, err2 := os.ReadFile("/proc/uptime")
	if err1 != nil || err2 != nil {
		return time.Since(started).Seconds()
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+2:])
	if len(fields) < 20 {
		return time.Since(started).Seconds()
	}
	ticks, err1 := strconv.ParseFloat(string(fields[19]), 64)
	now, err2 := strconv.ParseFloat(string(bytes.Fields(up)[0]), 64)
	if err1 != nil || err2 != nil {
		return time.Since(started).Seconds()
	}
	return now - ticks/100
}
