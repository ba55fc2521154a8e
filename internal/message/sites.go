package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// CheckSites reports sites that are not among those known, or are named twice.
func CheckSites(spaces []engine.Site, known ...engine.Site) error {
	var errs []error
	for i, s := range spaces {
		if !slices.Contains(known, s) {
			errs = append(errs, engine.Mistake(engine.BadSetting, "unknown space %q", s).Try("use some of %q", known))
		} else if slices.Contains(spaces[:i], s) {
			errs = append(errs, engine.Mistake(engine.BadRequest, "the space %q is named twice", s).Try(engine.TryOneVersion))
		}
	}
	return errors.Join(errs...)
}

// checkLayers reports a range of layers that no model has; negative ones count from the end, −1 being the last.
func checkLayers(lo, hi int) error {
	if (lo < 0) == (hi < 0) && hi < lo || lo < 0 && hi >= 0 {
		return engine.Mistake(engine.BadSetting, "Layers(%d, %d) is no range of layers", lo, hi).Try("Layers(0, -1) is all of them")
	}
	return nil
}

// VectorSites are the spaces that a vector can be in.
var VectorSites = []engine.Site{engine.Residual, engine.MLP, engine.Neurons}
