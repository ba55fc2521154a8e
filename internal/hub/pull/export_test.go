package pull

import (
	"context"
	"os"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/hub"
)

// Hasty is Pull of somebody in a hurry, whose disk writes as write does.
func Hasty(ctx context.Context, ref string, patience time.Duration, write func(*os.File, []byte) (int, error), progress func(string)) (string, error) {
	n, ok := hub.Parse(ref)
	if !ok {
		panic(ref)
	}
	if progress == nil {
		progress = func(string) {}
	}
	p := &puller{name: n, progress: progress, say: "pull " + ref, patience: patience, pause: time.Microsecond, write: write}
	path, err := p.run(ctx)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return path, p.mistake(err)
}
