package plotting

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// fonts are those of the system, for the characters that the figure's own lack. Nothing is looked for before one is missing.
var fonts = &fallback{folders: fontFolders}

// A fallback finds glyphs in the fonts of some folders.
type fallback struct {
	folders func() []string

	mu    sync.Mutex
	files []string // still to be opened, the likeliest first; nil: not looked for yet
	open  []*sfnt.Font
	found map[rune]fallbackGlyph
}

type fallbackGlyph struct {
	font  *sfnt.Font // nil: no font has it
	glyph sfnt.GlyphIndex
}

// mostFonts is how many font files are opened at most: what is missing from hundreds is missing.
const mostFonts = 600

// glyph returns the first font that has ink for a character, with its place there.
func (f *fallback) glyph(r rune) (*sfnt.Font, sfnt.GlyphIndex, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, ok := f.found[r]
	if !ok {
		if f.found == nil {
			f.found = map[rune]fallbackGlyph{}
			f.files = fontFiles(f.folders())
		}
		g = f.search(r)
		f.found[r] = g
	}
	return g.font, g.glyph, g.font != nil
}

func (f *fallback) search(r rune) fallbackGlyph {
	var buf sfnt.Buffer
	for _, o := range f.open {
		if i, ok := inked(o, &buf, r); ok {
			return fallbackGlyph{o, i}
		}
	}
	for len(f.files) > 0 {
		path := f.files[0]
		f.files = f.files[1:]
		from := len(f.open)
		f.open = append(f.open, openFonts(path)...)
		for _, o := range f.open[from:] {
			if i, ok := inked(o, &buf, r); ok {
				return fallbackGlyph{o, i}
			}
		}
	}
	return fallbackGlyph{}
}

// inked returns the glyph of a character where it is drawn with outlines; those of color fonts are pictures.
func inked(f *sfnt.Font, buf *sfnt.Buffer, r rune) (sfnt.GlyphIndex, bool) {
	g, err := f.GlyphIndex(buf, r)
	if err != nil || g == 0 {
		return 0, false
	}
	segments, err := f.LoadGlyph(buf, g, fixed.Int26_6(f.UnitsPerEm()), nil)
	return g, err == nil && len(segments) > 0
}

// openFonts returns the first font of a file, which may be a collection; none where it is no font.
func openFonts(path string) []*sfnt.Font {
	file, err := regular.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	src := &fontFile{path: path, file: file}
	defer func() { src.file = nil }()
	c, err := sfnt.ParseCollectionReaderAt(src)
	if err != nil || c.NumFonts() == 0 {
		return nil
	}
	f, err := c.Font(0)
	if err != nil {
		return nil
	}
	return []*sfnt.Font{f}
}

// A fontFile is read when an outline is drawn, and open only meanwhile: a font of Chinese has megabytes of them, and a system
// hundreds of fonts.
type fontFile struct {
	path string
	file *os.File // while the font is parsed
}

func (f *fontFile) ReadAt(b []byte, at int64) (int, error) {
	if f.file != nil {
		return f.file.ReadAt(b, at)
	}
	file, err := regular.Open(f.path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	return file.ReadAt(b, at)
}

// fontFolders are where systems keep fonts.
func fontFolders() []string {
	home, _ := os.UserHomeDir()
	switch runtime.GOOS {
	case "darwin":
		return []string{"/System/Library/Fonts", "/Library/Fonts", filepath.Join(home, "Library/Fonts")}
	case "windows":
		return []string{filepath.Join(os.Getenv("WINDIR"), "Fonts"), filepath.Join(os.Getenv("LOCALAPPDATA"), "Microsoft", "Windows", "Fonts")}
	}
	data := cmp.Or(os.Getenv("XDG_DATA_HOME"), filepath.Join(home, ".local/share"))
	all := []string{filepath.Join(data, "fonts"), filepath.Join(home, ".fonts")}
	for _, dir := range filepath.SplitList(cmp.Or(os.Getenv("XDG_DATA_DIRS"), "/usr/local/share:/usr/share")) {
		all = append(all, filepath.Join(dir, "fonts"))
	}
	return all
}

// fontFiles returns the font files of some folders, upright sans first, in an order that does not depend on the system's.
func fontFiles(folders []string) (files []string) {
	for _, dir := range folders {
		if !filepath.IsAbs(dir) {
			continue // of nobody's home
		}
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil //nolint:nilerr // what cannot be read has no font
			}
			switch strings.ToLower(filepath.Ext(path)) {
			case ".ttf", ".otf", ".ttc", ".otc":
				files = append(files, path)
			}
			return nil
		})
	}
	slices.SortStableFunc(files, func(a, b string) int {
		a, b = strings.ToLower(filepath.Base(a)), strings.ToLower(filepath.Base(b))
		return cmp.Or(cmp.Compare(unlikely(a), unlikely(b)), cmp.Compare(a, b))
	})
	return files[:min(len(files), mostFonts)]
}

// unlikely is larger for a font that another is preferred to, by the name of its file.
func unlikely(name string) (n int) {
	for part, points := range map[string]int{
		"sans": -8, "cjk": -2, "regular": -1, "mono": 3, "serif": 6, "bold": 12, "italic": 16, "oblique": 16, "condensed": 10,
		"light": 8, "thin": 8, "black": 8, "math": 6, "emoji": 4, "symbol": 4, "last": 20,
	} {
		if strings.Contains(name, part) {
			n += points
		}
	}
	return n
}
