package local

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/device"
	"github.com/neuronsteer/neuronsteer/internal/device/plugin"
	computing "github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// options are those of the engine as the user chose it.
func options() (opt computing.Options, err error) {
	opt.Backend = device.Chosen()
	if !slices.Contains(plugin.Backends, opt.Backend) {
		return opt, nil
	}
	if opt.Plugin, err = plugin.Find(opt.Backend); errors.Is(err, plugin.ErrNone) {
		return opt, engine.Errorf(engine.BadSetting, "open", "no plugin of the backend %s was added", opt.Backend).
			Try("neuronsteer backend add %s=PATH", opt.Backend)
	} else if err != nil {
		return opt, engine.Errorf(engine.BadSetting, "open", "the plugin of the backend %s: %v", opt.Backend, err).
			Try("neuronsteer backend add %s=PATH", opt.Backend)
	}
	return opt, nil
}
