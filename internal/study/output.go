package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/lock"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// work is the folder, below that of the results, for what is no result.
const work = "work"

// output is a folder of results. Files are written in work/tmp and renamed, so that a kill leaves none half there and no
// other files beside them.
type output struct{ dir string }

func (o output) work(name string) string { return filepath.Join(o.dir, work, name) }

// lock makes the folder this run's alone until unlock. Nothing in it is touched before: another run may be at work.
func (o output) lock() (unlock func(), err error) {
	if err := os.MkdirAll(o.work(""), 0o755); err != nil {
		return nil, o.unusable(err)
	}
	path := o.work("lock")
	unlock, err = lock.Try(path)
	if errors.Is(err, lock.ErrHeld) {
		return nil, engine.Errorf(steer.BadSetting, o.dir, "another run works in this folder (it is locked %s)", lock.Holder(path)).
			Try("wait for it, or choose another folder with -out")
	}
	if err != nil {
		return nil, o.unusable(err)
	}
	return unlock, nil
}

// prepare throws away what a killed run left unfinished.
func (o output) prepare() error {
	err := os.RemoveAll(o.work("tmp"))
	if err == nil {
		err = os.Mkdir(o.work("tmp"), 0o755)
	}
	if err != nil {
		return o.unusable(err)
	}
	return nil
}

func (o output) unusable(err error) error {
	return engine.Errorf(steer.BadFile, o.dir, "the folder for results cannot be used: %v", err).Try("choose another with -out")
}

// place lets f write a file under a temporary name with the ending of the real one, and moves it into place.
func (o output) place(name string, f func(path string) error) error {
	tmp, to := o.work(filepath.Join("tmp", filepath.Base(name))), filepath.Join(o.dir, filepath.FromSlash(name))
	if err := f(tmp); err != nil {
		return err
	}
	err := os.MkdirAll(filepath.Dir(to), 0o755)
	if err == nil {
		err = atomicfile.Place(tmp, to)
	}
	if err != nil {
		return engine.Errorf(steer.BadFile, to, "the result cannot be written: %v", err).Try("make room on the disk and run again")
	}
	return nil
}

func (o output) bytes(name string, b []byte) error {
	return o.place(name, func(path string) error {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return engine.Errorf(steer.BadFile, name, "the result cannot be written: %v", err).Try("make room on the disk and run again")
		}
		return nil
	})
}

func (o output) json(name string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return engine.Errorf(steer.Internal, name, "the result cannot be written as JSON: %v", err)
	}
	return o.bytes(name, append(b, '\n'))
}

// figure writes a figure as SVG and PNG. A figure that its data do not allow is no failure of the study: what is wrong is
// returned as a note.
func (o output) figure(base string, f *plotting.Figure) (note string, err error) {
	svg, err := f.SVG()
	if err != nil {
		return fmt.Sprintf("no figure: %v", err), nil
	}
	png, err := f.PNG()
	if err != nil {
		return fmt.Sprintf("no figure: %v", err), nil
	}
	return "", errors.Join(o.bytes(base+".svg", svg), o.bytes(base+".png", png))
}
