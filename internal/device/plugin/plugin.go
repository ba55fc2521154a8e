package plugin

import (
	"debug/elf"
	"debug/macho"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Backends are the names of backends that need a plugin.
var Backends = []string{"xla"}

// ErrNone is the error of a backend whose plugin was not added.
var ErrNone = errors.New("no plugin was added for it")

// entry is the function that a PJRT plugin exports (openxla.org, PJRT C API).
const entry = "GetPjrtApi"

// mostBytes bounds the file of plugins.
const mostBytes = 1 << 16

// Add remembers the plugin of a backend for later runs of this user, once its file was seen to be one. It loads nothing.
func Add(name, path string) error {
	if !slices.Contains(Backends, name) {
		return fmt.Errorf("there is no backend %q that takes a plugin; there is %s", name, Backends[0])
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := isPlugin(path); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	all, err := plugins()
	if err != nil {
		return err
	}
	all[name] = path
	b, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	file, err := listFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(file, append(b, '\n'), 0o600)
}

// Find returns the path of the plugin that was added for a backend; the error is ErrNone where there is none.
func Find(name string) (string, error) {
	all, err := plugins()
	if err != nil {
		return "", err
	}
	path, ok := all[name]
	if !ok {
		return "", ErrNone
	}
	if err := isPlugin(path); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return path, nil
}

// plugins reads what was added: backend → path.
func plugins() (map[string]string, error) {
	file, err := listFile()
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	f, err := regular.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostBytes))
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if all == nil {
		err = errors.New("it says null")
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no list of plugins (%w); remove it", file, err)
	}
	return all, nil
}

// listFile is where the plugins are remembered.
func listFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "neuronsteer", "backends.json"), nil
}

// isPlugin says why a file is no PJRT plugin of this system.
func isPlugin(path string) error {
	f, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var found bool
	if e, err := elf.NewFile(f); err == nil {
		symbols, _ := e.DynamicSymbols() // none of a library that has no table of them
		found = slices.ContainsFunc(symbols, func(s elf.Symbol) bool { return s.Name == entry && s.Section != elf.SHN_UNDEF })
	} else if m, err := macho.NewFile(f); err == nil {
		found = exported(m)
	} else {
		return errors.New("it is no shared library")
	}
	if !found {
		return fmt.Errorf("it is a library without %s, so no PJRT plugin", entry)
	}
	return nil
}

// exported says whether a Mach-O library defines the entry.
func exported(m *macho.File) bool {
	return m.Symtab != nil && slices.ContainsFunc(m.Symtab.Syms, func(s macho.Symbol) bool { return s.Name == "_"+entry && s.Sect != 0 })
}
