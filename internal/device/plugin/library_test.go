package plugin

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A symbol of a library; it is defined in a section, or in none and so wanted from another library.
type symbol struct {
	name    string
	defined bool
}

// elfWith is the least of a shared library that has dynamic symbols.
func elfWith(symbols ...symbol) []byte {
	const header, entrySize = 64, 64
	strings, syms := []byte{0}, append([]byte(nil), make([]byte, elf.Sym64Size)...) // the first of each is none
	for _, s := range symbols {
		sym := elf.Sym64{Name: uint32(len(strings)), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC)}
		if s.defined {
			sym.Shndx = 1
		}
		strings = append(append(strings, s.name...), 0)
		var b bytes.Buffer
		_ = binary.Write(&b, binary.LittleEndian, sym)
		syms = append(syms, b.Bytes()...)
	}
	sections := []elf.Section64{{}, // names of sections are all empty
		{Type: uint32(elf.SHT_DYNSYM), Off: header, Size: uint64(len(syms)), Link: 2, Entsize: elf.Sym64Size},
		{Type: uint32(elf.SHT_STRTAB), Off: header + uint64(len(syms)), Size: uint64(len(strings))},
	}
	h := elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Shoff: header + uint64(len(syms)+len(strings)), Ehsize: header, Shentsize: entrySize, Shnum: uint16(len(sections)), Shstrndx: 2,
	}
	var b bytes.Buffer
	for _, part := range []any{h, syms, strings, sections} {
		_ = binary.Write(&b, binary.LittleEndian, part)
	}
	return b.Bytes()
}

// machoWith is the least of a library of macOS that has symbols, or not even their table.
func machoWith(table bool, symbols ...symbol) []byte {
	const header, command = 32, 24
	h := macho.FileHeader{Magic: macho.Magic64, Cpu: macho.CpuAmd64, Type: macho.TypeDylib}
	var list, commands, b bytes.Buffer
	strings := []byte{0}
	for _, s := range symbols {
		n := macho.Nlist64{Name: uint32(len(strings)), Type: 1}
		if s.defined {
			n.Sect = 1
		}
		strings = append(append(strings, s.name...), 0)
		_ = binary.Write(&list, binary.LittleEndian, n)
	}
	if table {
		h.Ncmd, h.Cmdsz = 1, command
		_ = binary.Write(&commands, binary.LittleEndian, macho.SymtabCmd{Cmd: macho.LoadCmdSymtab, Len: command, Symoff: header + command,
			Nsyms: uint32(len(symbols)), Stroff: header + command + uint32(list.Len()), Strsize: uint32(len(strings))})
	}
	for _, part := range []any{h, uint32(0), commands.Bytes(), list.Bytes(), strings} {
		_ = binary.Write(&b, binary.LittleEndian, part)
	}
	return b.Bytes()
}

// TestIsPlugin: a plugin is a library that defines the entry, and not one that has others, wants it from another or has no symbols.
func TestIsFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("HOME", dir)
	t.Setenv("AppData", dir)
	other := symbol{"another", true}
	for name, c := range map[string]struct {
		library []byte
		refused string
	}{
		"elf":              {elfWith(other, symbol{entry, true}), ""},
		"elf without":      {elfWith(other), "without " + entry},
		"elf that wants":   {elfWith(other, symbol{entry, false}), "without " + entry},
		"elf of macOS":     {elfWith(symbol{"_" + entry, true}), "without " + entry},
		"macho":            {machoWith(true, other, symbol{"_" + entry, true}), ""},
		"macho without":    {machoWith(true, other), "without " + entry},
		"macho that wants": {machoWith(true, other, symbol{"_" + entry, false}), "without " + entry},
		"macho of Linux":   {machoWith(true, symbol{entry, true}), "without " + entry},
		"macho of nothing": {machoWith(false), "without " + entry},
		"text":             {[]byte("no library"), "no shared library"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.library, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Add("xla", path); c.refused == "" && err != nil || c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%s: %v, want %q", name, err, c.refused)
		}
		if c.refused != "" {
			continue
		}
		if got, err := Find("xla"); got != path || err != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Find("xla"); err == nil || !strings.Contains(err.Error(), path) || errors.Is(err, ErrNone) {
			t.Errorf("a %s that was damaged since: %v", name, err)
		}
	}
}
