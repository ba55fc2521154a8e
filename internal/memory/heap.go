package memory

import (
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
)

// heapState is what the Go runtime holds, in bytes.
type heapState struct {
	total    int64 // all that it has of the system
	idle     int64 // what of it is used for nothing
	released int64 // addresses beside it, whose memory it has given back
}

func heap() heapState {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	value := func(s metrics.Sample) int64 {
		if s.Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return int64(s.Value.Uint64())
	}
	h := heapState{value(s[0]), value(s[1]), value(s[2])}
	h.total -= h.released
	return h
}

// told is the limit that limitHeap set last; it is called under the lender's lock.
var told int64 = math.MaxInt64

// limitHeap has the runtime collect garbage before what is free is used up, rather than when there is as much garbage as
// there are weights. Where there is plenty, or the program has set a limit of its own, nothing changes.
func limitHeap(free int64) {
	if os.Getenv("GOMEMLIMIT") != "" || debug.SetMemoryLimit(-1) != told {
		return
	}
	h, limit := heap(), int64(math.MaxInt64)
	if free < 2*h.total+1<<30 {
		limit = h.total - h.idle + free - margin/2
	}
	if limit != told {
		debug.SetMemoryLimit(limit)
		told = limit
	}
}
