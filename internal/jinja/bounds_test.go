package jinja

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bombs are templates that would run on without end or fill the memory, and the bound that each ends at.
var bombs = map[string]struct{ source, want string }{
	"loops":               {loops(4, "100000", "x"), "more than"},
	"empty loops":         {loops(3, "100000", ""), "more than"},
	"loops of filters":    {loops(2, "99999", "{% set x = 'a'|upper %}"), "more than"},
	"a long range":        {"{{ range(1000000) }}", "100000 numbers"},
	"doubling by ~":       {`{% set ns = namespace(s="aaaaaaaaaaaaaaaa") %}` + loops(1, "60", "{% set ns.s = ns.s ~ ns.s %}"), "more than"},
	"doubling by +":       {`{% set ns = namespace(s="aaaaaaaaaaaaaaaa") %}` + loops(1, "60", "{% set ns.s = ns.s + ns.s %}"), "more than"},
	"doubling a list":     {`{% set ns = namespace(s=[1]) %}` + loops(1, "60", "{% set ns.s = ns.s + ns.s %}"), "more than"},
	"doubling to 256 MiB": {`{% set ns = namespace(s="aaaaaaaaaaaaaaaa") %}` + loops(1, "24", "{% set ns.s = ns.s ~ ns.s %}"), "MiB"},
	"nesting a list":      {`{% set ns = namespace(s=[1]) %}` + loops(1, "60", "{% set ns.s = [ns.s, ns.s] %}") + "{{ ns.s }}", "more than"},
	"json of that":        {`{% set ns = namespace(s=[1]) %}` + loops(1, "60", "{% set ns.s = [ns.s, ns.s] %}") + "{{ ns.s|tojson }}", "more than"},
	"equal to that":       {`{% set ns = namespace(s=[1], t=[1]) %}` + loops(1, "60", "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}") + "{{ ns.s == ns.t }}", "more than"},
	"less than that":      {`{% set ns = namespace(s=[1], t=[1]) %}` + loops(1, "60", "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}") + "{{ ns.s < ns.t }}", "more than"},
	"a deep list":         {`{% set ns = namespace(s=[1]) %}` + loops(1, "6000", "{% set ns.s = [ns.s] %}") + "{{ ns.s }}", "deep"},
	"deep json":           {`{% set ns = namespace(s=[1]) %}` + loops(1, "6000", "{% set ns.s = [ns.s] %}") + "{{ ns.s|tojson }}", "deep"},
	"a repeated text":     {"{{ 'a' * 1000000000 }}", "more than"},
	"that overflows":      {"{{ 'aaaaaaaaaaaaaaaa' * 4611686018427387904 }}", "more than"},
	"a repeated list":     {"{{ [1] * 1000000000 }}", "more than"},
	"center":              {"{{ 'a'|center(10000000000) }}", "more than"},
	"ljust":               {"{{ 'a'.ljust(10000000000) }}", "more than"},
	"zfill":               {"{{ 'a'.zfill(10000000000) }}", "more than"},
	"indent":              {"{{ 'a\nb'|indent(1000000000) }}", "more than"},
	"wordwrap":            {"{{ ('a' * 1000000)|wordwrap(1, true, 'x' * 10000) }}", "more than"},
	"replace":             {"{{ ('a' * 1000000)|replace('a', 'b' * 100000) }}", "more than"},
	"replace nothing":     {"{{ ('a' * 1000000).replace('', 'b' * 100000) }}", "more than"},
	"join":                {"{{ range(100000)|join('x' * 10000) }}", "more than"},
	"join of a text":      {"{{ ('x' * 10000).join(['a'] * 100000) }}", "more than"},
	"format":              {"{{ '%1000000000d' % 1 }}", "width"},
	"many formats":        {loops(2, "10000", "{% set x = '%9999d' % 1 %}"), "more than"},
	"batch":               {"{{ range(10)|batch(1000000000, 'x')|list }}", "more than"},
	"slice":               {"{{ range(10)|slice(1000000000)|list }}", "more than"},
	"power":               {"{{ 10 ** 1000000000 }}", "64 bits"},
	"float power":         {"{{ 10.0 ** 1000000000 }}", "64 bits"},
	"int overflow":        {"{{ 9223372036854775807 + 1 }}", "64 bits"},
	"int product":         {"{{ 9223372036854775807 * 2 }}", "64 bits"},
	"a macro in itself":   {"{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "200 deep"},
	"macros in turn":      {"{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ g() }}", "200 deep"},
	"a macro by argument": {"{% macro f(g) %}{{ g(g) }}{% endmacro %}{{ f(f) }}", "200 deep"},
	"a tree of macros":    {"{% macro f(n) %}{% if n > 0 %}" + strings.Repeat("{{ f(n-1) }}", 4) + "{% endif %}{% endmacro %}{{ f(60) }}", "more than"},
	"a recursive loop":    {"{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}", "200 deep"},
	"output":              {loops(1, "100000", strings.Repeat("a", 1000)), "writes more"},
	"output of blocks":    {loops(2, "1000", "{% set x %}"+strings.Repeat("a", 10000)+"{% endset %}"), "more than"},
	"long comparisons":    {"{% set a = 'a' * 10000000 %}{% set b = 'a' * 10000000 %}" + loops(2, "1000", "{% set c = a == b %}"), "more than"},
	"long searches":       {"{% set a = 'a' * 10000000 %}" + loops(2, "1000", "{% set c = 'b' in a %}"), "more than"},
	"long strips":         {"{% set a = 'a' * 10000000 %}" + loops(2, "1000", "{% set c = a.strip('a') %}"), "more than"},
	"long lengths":        {"{% set a = 'a' * 10000000 %}" + loops(2, "1000", "{% set c = a|length %}"), "more than"},
	"long indices":        {"{% set a = 'a' * 10000000 %}" + loops(2, "1000", "{% set c = a[-1] %}"), "more than"},
	"many counts":         {"{% set a = range(100000)|list %}" + loops(2, "1000", "{% set c = a.count(1) %}"), "more than"},
	"many sorts":          {"{% set a = range(100000)|list %}" + loops(2, "1000", "{% set c = a|sort %}"), ""},
	"deep not":            {"{{ " + strings.Repeat("not ", 60000) + "true }}", "deep"},
	"deep signs":          {"{{ " + strings.Repeat("-", 60000) + "1 }}", "deep"},
	"deep pipes":          {`{{ "a"` + strings.Repeat("|upper", 30000) + " }}", "deep"},
	"deep dots":           {"{{ a" + strings.Repeat(".a", 60000) + " }}", "deep"},
	"deep sums":           {"{{ 1" + strings.Repeat("+1", 60000) + " }}", "deep"},
	"deep ternaries":      {"{{ " + strings.Repeat("1 if true else ", 15000) + "1 }}", "deep"},
	"deep calls":          {"{{ f" + strings.Repeat("()", 60000) + " }}", "deep"},
	"deep brackets":       {"{{ " + strings.Repeat("(", 60000) + "1" + strings.Repeat(")", 60000) + " }}", "200 brackets"},
	"deep ifs":            {strings.Repeat("{% if true %}", 9000) + "x" + strings.Repeat("{% endif %}", 9000), "deep"},
	"deep filters":        {strings.Repeat("{% filter upper %}", 6000) + "x" + strings.Repeat("{% endfilter %}", 6000), "deep"},
	"a long template":     {strings.Repeat("x", 300<<10), "bytes"},
	"chance":              {"{{ range(10)|random }}", "same text"},
	"random text":         {"{{ lipsum(3) }}", "same text"},
	"changing":            {"{% set a = [1] %}{% do a.append(a) %}{{ a }}", "changes a list"},
	"another file":        {"{% include '/etc/passwd' %}", "another file"},
}

// loops nests n loops over range(size) around a body.
func loops(n int, size, body string) string {
	for range n {
		body = "{% for i in range(" + size + ") %}" + body + "{% endfor %}"
	}
	return body
}

// TestBounds: none of the bombs runs long or takes much memory, and each says why it ended.
func TestBounds(t *testing.T) {
	for name, b := range bombs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			got, err := render(t, b.source, map[string]any{"messages": List{}})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), b.want) {
				t.Errorf("it renders %.60q, the error is %v, it should hold %q", got, err, b.want)
			}
			if took > 9*time.Second {
				t.Errorf("it took %v", took)
			}
			if made := after.TotalAlloc - before.TotalAlloc; made > 8*maxBuilt {
				t.Errorf("it took %d MiB", made>>20)
			}
		})
	}
}

// TestCanceled: a rendering ends with its context.
func TestCanceled(t *testing.T) {
	tpl, err := Parse(loops(1, "5000", "x")) // within the bounds
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tpl.Render(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// TestSameTextEachTime: a template that is used by several at once renders the same text for each.
func TestSameTextEachTime(t *testing.T) {
	tpl, err := Parse(`{% set c = cycler(1, 2) %}{% set j = joiner() %}{% for i in range(4) %}{{ j() }}{{ c.next() }}{% endfor %}{{ strftime_now("%Y") }}`)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string)
	for range 8 {
		go func() {
			s, err := tpl.Render(t.Context(), nil)
			if err != nil {
				s = err.Error()
			}
			done <- s
		}()
	}
	for range 8 {
		if s := <-done; s != "1, 2, 1, 22024" {
			t.Error(s)
		}
	}
}

// FuzzRender reads any text as a template: it renders within the bounds, or it is an error.
func FuzzRender(f *testing.F) {
	for _, b := range bombs {
		if len(b.source) < 200 {
			f.Add(b.source)
		}
	}
	vars := readVars(f)
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 2000 {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // the bounds are tested above
		defer cancel()
		tpl, err := Parse(source)
		if err != nil {
			return
		}
		start := time.Now()
		_, _ = tpl.Render(ctx, vars)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
