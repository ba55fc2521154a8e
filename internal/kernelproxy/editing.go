package kernelproxy

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// A typed is what an editor asks about: a cell and a place in it, in characters.
type typed struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"`
}

// able waits until gopls can be asked. false: it cannot.
func (p *proxy) able(ctx context.Context) bool {
	select {
	case <-p.ready:
	case <-ctx.Done():
		return false
	}
	return p.kernel != nil && p.kernel.dir() != "" && p.tools.gopls != ""
}

// An item is a proposal of gopls'.
type item struct {
	Label string `json:"label"`
	Kind  int    `json:"kind"`
	Sort  string `json:"sortText"`
	Edit  struct {
		Range struct {
			Start, End position
		} `json:"range"`
		Text string `json:"newText"`
	} `json:"textEdit"`
	Detail string `json:"detail"`
}

// kinds are the words of JupyterLab's icons for the kinds of an item (LSP, CompletionItemKind).
var kinds = map[int]string{2: "method", 3: "function", 5: "field", 6: "variable", 7: "class", 8: "interface", 9: "module", 14: "keyword", 21: "constant", 22: "class"}

// mostMatches is how many proposals anybody reads.
const mostMatches = 200

// complete answers with what can be typed.
func (p *proxy) complete(ctx context.Context, m *jupyter.Message) {
	ctx, cancel := context.WithTimeout(ctx, editTime)
	defer cancel()
	var q typed
	_ = m.Read(&q)
	start, end, matches, types := q.Cursor, q.Cursor, []string{}, []any{}
	if p.able(ctx) && isGo(q.Code) {
		s := p.sketch(q.Code)
		var list struct {
			Items []item `json:"items"`
		}
		_ = p.edit(ctx, s, "textDocument/completion", q.Cursor, &list)
		slices.SortStableFunc(list.Items, func(a, b item) int { return cmp.Compare(a.Sort, b.Sort) })
		for i, x := range list.Items[:min(len(list.Items), mostMatches)] {
			if i == 0 {
				start, end = s.offset(x.Edit.Range.Start), max(q.Cursor, s.offset(x.Edit.Range.End))
			}
			text := strings.TrimSuffix(x.Edit.Text, "()")
			matches = append(matches, text)
			types = append(types, map[string]any{"start": start, "end": end, "text": text, "type": kinds[x.Kind], "signature": x.Detail})
		}
	}
	p.answer(m, "complete_reply", map[string]any{
		"status": "ok", "matches": matches, "cursor_start": start, "cursor_end": end,
		"metadata": map[string]any{"_jupyter_types_experimental": types},
	})
}

// deadLink is a link of a documentation to a page of a module that is not published.
var deadLink = regexp.MustCompile(`\[([^\]]*)\]\(https?://(?:pkg\.go\.dev|godoc\.org)[^)]*\)`)

// inspect answers with the documentation of what stands at the cursor.
func (p *proxy) inspect(ctx context.Context, m *jupyter.Message) {
	ctx, cancel := context.WithTimeout(ctx, editTime)
	defer cancel()
	var q typed
	_ = m.Read(&q)
	text := ""
	switch {
	case !p.able(ctx):
		if p.kernel != nil {
			text = "Documentation comes from gopls, which is not installed. Type in a terminal: go install golang.org/x/tools/gopls@latest, and restart the kernel."
		}
	case isGo(q.Code):
		s := p.sketch(q.Code)
		var hover struct {
			Contents struct {
				Value string `json:"value"`
			} `json:"contents"`
		}
		if at := identifier([]rune(q.Code), q.Cursor); at >= 0 {
			_ = p.edit(ctx, s, "textDocument/hover", at, &hover)
		}
		text = strings.TrimSpace(deadLink.ReplaceAllString(hover.Contents.Value, "$1"))
	}
	data := map[string]any{}
	if text != "" {
		data = map[string]any{"text/markdown": text, "text/plain": plain(text)}
	}
	p.answer(m, "inspect_reply", map[string]any{"status": "ok", "found": text != "", "data": data, "metadata": map[string]any{}})
}

// escaped is a sign that Markdown would read.
var escaped = regexp.MustCompile(`\\([^\pL\pN\s])`)

// plain takes the fences and escapes out of a text in Markdown.
func plain(s string) string {
	lines := slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.HasPrefix(l, "```") || l == "---" })
	return strings.TrimSpace(escaped.ReplaceAllString(strings.Join(lines, "\n"), "$1"))
}

// isGo says whether a cell holds Go: not one of another language, as %%bash.
func isGo(code string) bool {
	first, _, _ := strings.Cut(code, "\n")
	return !strings.HasPrefix(first, "%%") || isMain(first)
}

// identifier returns the place of the name that a cursor is about: the one that it stands in or behind, else that of the
// function whose arguments it is in; −1: none.
func identifier(code []rune, cursor int) int {
	cursor = min(max(cursor, 0), len(code))
	part := func(i int) bool {
		return i >= 0 && i < len(code) && (code[i] == '_' || unicode.IsLetter(code[i]) || unicode.IsDigit(code[i]))
	}
	switch {
	case part(cursor):
		return cursor
	case part(cursor - 1):
		return cursor - 1
	}
	depth := 0
	for i := cursor - 1; i >= 0; i-- {
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth == 0 {
				for i--; i >= 0 && unicode.IsSpace(code[i]); i-- {
				}
				if part(i) {
					return i
				}
				return -1
			}
			depth--
		}
	}
	return -1
}
