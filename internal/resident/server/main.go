package server

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/memory"
	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Main is the command "neuronsteer serve". It defines flags and reads them from args: --session DIR, --kernel PID,
// --build ID and --idle DURATION (else NEURONSTEER_IDLE, else DefaultIdle). o gives what Serve needs beyond them; its log
// goes to standard error unless o says otherwise. It returns when the server has left.
func Main(ctx context.Context, flags *flag.FlagSet, args []string, o Options) error {
	if o.Log == nil {
		o.Log = os.Stderr
	}
	idle, err := idleFromEnv()
	if err != nil {
		return err
	}
	folder := flags.String("session", "", "the session's folder `DIR`")
	flags.IntVar(&o.KernelPID, "kernel", 0, "leave when the process `PID` ends; 0: do not")
	flags.StringVar(&o.BuildID, "build", o.BuildID, "the build `ID` of the file that was started; without it, that of the running program")
	flags.DurationVar(&o.Idle, "idle", idle, "leave when nothing was asked for this long")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return engine.Errorf(engine.BadSetting, "serve", "%v", err).Try("type: neuronsteer help serve")
	}
	if *folder == "" || flags.NArg() > 0 || o.Idle <= 0 {
		return engine.Errorf(engine.BadSetting, "serve", "it takes --session DIR and a positive --idle, and no words").
			Try("type: neuronsteer help serve; a notebook starts it by itself")
	}
	dir, err := filepath.Abs(*folder)
	if err != nil {
		return err
	}
	// Neither the notebook's interrupt nor a closed terminal is meant for this process.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	if err := enough(memory.Available()); err != nil {
		return err
	}
	l, nonce, err := resident.Session{Folder: dir}.Listen(ctx)
	if err != nil {
		return err
	}
	o.Nonce = nonce
	if o.BuildID == "" {
		o.BuildID = resident.OwnBuild()
	}
	return Serve(ctx, l, o)
}

// least is the memory without which a process cannot even refuse a request: what its threads and its runtime take as they
// come, which ends it where there is none.
const least = 16 << 20

// enough refuses to serve with less than that.
func enough(free int64, by string, known bool) error {
	if !known || free >= least {
		return nil
	}
	return engine.Errorf(engine.TooLarge, "serve", "only %s of memory can be used (%s), too little to begin", memory.Size(free), by).
		Try("raise that limit, or end other programs")
}

// idleFromEnv reads NEURONSTEER_IDLE.
func idleFromEnv() (time.Duration, error) {
	v := os.Getenv("NEURONSTEER_IDLE")
	if v == "" {
		return DefaultIdle, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		return 0, engine.Errorf(engine.BadSetting, "serve", "NEURONSTEER_IDLE is %q, not a duration", v).Try("e.g. NEURONSTEER_IDLE=30m")
	}
	return d, nil
}
