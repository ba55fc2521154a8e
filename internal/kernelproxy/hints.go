package kernelproxy

import (
	"regexp"
	"strings"

	ours "github.com/neuronsteer/neuronsteer/internal/hints"
)

// A hint says in plain words what to type in place of what the compiler does not take.
type hint struct {
	says *regexp.Regexp // what the compiler says
	line *regexp.Regexp // what the line must look like; nil: anything
	text string         // with $1 … of the line where there is one, else of what the compiler says
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

// below is the advice of most who come from a notebook of another language.
const below = "statements stand below a line with nothing but %%: put %% above this line"

// hints holds what people who type cells run into; the first that fits counts. The messages are those of go/parser and of
// the compiler, which TestHints asks for them.
var hints = []hint{
	// Statements outside a function.
	{re(`^expected declaration, found 'package'`), nil, "leave out the line with package: a cell has none"},
	{re(`^expected declaration|^syntax error: non-declaration statement`), re(`^\s*([\pL_][\pL\d_]*)\s*:=\s*(.*\S)`), below + ", or write var $1 = $2"},
	{re(`^expected declaration|^syntax error: non-declaration statement`), re(`^\s*([\pL_][\pL\d_]*)\s*=\s*(.*\S)`), below + ", or write var $1 = $2"},
	{re(`^expected declaration|^syntax error: non-declaration statement`), re(`^\s*([\pL_][\pL\d_.]*)\s*;?$`), below + ", and write nb.Show($1)"},
	{re(`^expected declaration|^syntax error: non-declaration statement`), re(`^\s*(?:def|class)\b`), "a function is declared with func: func name(x int) int { return x }"},
	{re(`^expected declaration|^syntax error: non-declaration statement`), nil, below},
	{re(`^main redeclared in this block`), nil, "%% writes func main: put the statements below it, without func main"},
	// Signs of other languages.
	{re(`^illegal rune literal|^more than one character in rune literal|^rune literal not terminated`), nil, `a string has double quotes: "…"`},
	{re(`\(untyped rune constant .*\) as string value`), nil, `a string has double quotes: "…"`},
	{re(`^illegal character U\+0023 '#'`), nil, "a comment begins with //"},
	{re(`^curly quotation mark|^illegal character U\+201[89]`), nil, `these are typographic quotes: type "`},
	{re(`^undefined: (True|False)$`), nil, "true and false are written small"},
	{re(`^undefined: (None|null|NULL)$`), nil, "nothing is written nil"},
	{re(`^string literal not terminated`), nil, "a string ends on its line with \"; one of several lines stands between `back quotes`"},
	{re(`^(?:syntax error: )?unexpected (?:semicolon or )?newline before \{|^unexpected semicolon or newline before \{`), nil, "{ stands at the end of the line before it"},
	{re(`missing ',' (?:before newline )?in (?:argument list|composite literal|parameter list)|unexpected newline in (?:argument list|composite literal)`), nil, "end the line with a comma, or put the closing bracket on it"},
	// Variables.
	{re(`^declared and not used: (\S+)`), nil, "use $1, for instance nb.Show($1), or take the line out"},
	{re(`^no new variables on left side of :=`), nil, "it is declared already: write = in place of :="},
	{re(`^(\S+) redeclared in this block`), nil, "give one of the two another name"},
	{re(`^(\S+) already declared through import of package`), nil, "$1 is the name of a package here: choose another"},
	{re(`^assignment mismatch: 1 variable but .* returns 2 values`), re(`\.Run\(`), "nb.Run(task) gives the result alone; or take the error too: x, err := …"},
	{re(`^assignment mismatch: 1 variable but .* returns 2 values`), nil, "take the error too: x, err := …"},
	{re(`^(?:multiple-value )?(\S+\.Run)\(.*\) \(value of type .*error\)`), nil, "nb.Run(task) gives the result alone"},
	{re(`^([\pL_][\pL\d_]*) \((?:variable|constant|value).*\) is not used`), nil, "show it: nb.Show($1)"},
	{re(`^(.+\)) \(value of .*\) is not used`), nil, "show it, nb.Show(…), or give it a name above %%: var x = …"},
	{re(`^([\pL_][\pL\d_]*) \((?:untyped )?.*constant.*\) is not used`), nil, "show it: nb.Show($1)"},
	// What is not called.
	{re(`(\S*\.([\pL_][\pL\d_]*)) \(value of type func\(\)`), nil, "$2 is a method: call it, $1()"},
	{re(`^invalid operation: (\S*\.([\pL_][\pL\d_]*)) .*\(mismatched types func\(\)`), nil, "$2 is a method: call it, $1()"},
	// Numbers.
	{re(`cannot use (\S+) \((?:untyped|constant).*\) as u?int\d* value in .* \(truncated\)|^(\S+) \(untyped float constant\) truncated to u?int`), nil, "here stands a whole number: $1$2 is none"},
	{re(`^cannot use (\S+) \(variable of type (?:int\d*|uint\d*)\) as (float\d+) value`), nil, "turn it into a $2: $2($1)"},
	{re(`^cannot use (\S+) \(variable of type (?:float\d+)\) as (int\d*) value`), nil, "turn it into an $2, which cuts the fraction off: $2($1)"},
	{re(`mismatched types (?:int\d*) and (float\d+)|mismatched types (float\d+) and (?:int\d*)`), nil, "turn the whole number into a $1$2: $1$2(…)"},
	{re(`\(untyped string constant.*\) as (?:int|float)\d* value`), nil, "a number stands without quotes"},
	{re(`^undefined: (?:help|dir|doc|inspect|type)$`), nil, "with the cursor on a name Shift+Tab shows its documentation, and Tab behind a dot what there is"},
	{re(`^undefined: (?:np|numpy|pd|pandas|plt|torch|sns|matplotlib|transformers|tl)$`), nil, "this is Go: there are no libraries of Python, but nb (runs and shows), steer (data, circuits, interventions) and plotting (figures)"},
	{re(`^undefined: (?:enumerate|zip|map|list|xrange)$`), nil, "a loop is written for i, x := range list { … }"},
	{re(`^undefined: (?:str|repr|format)$`), nil, "a value becomes text by fmt.Sprint(x), or fmt.Sprintf(\"%.2f\", x)"},
	{re(`^undefined: (?:sorted|sort|reversed)$`), nil, "lists are sorted by slices.Sort(list)"},
	{re(`^undefined: (?:sum|mean|avg|std)$`), nil, "sums are made in a loop: total := 0.0; for _, x := range list { total += x }"},
	{re(`^undefined: (?:display|show|plot|Show|Display)$`), nil, "nb.Show(x, …) shows results, figures, tasks and text"},
	{re(`^cannot use .* as string value in`), nil, `text stands in quotes: "…"; a value becomes text by fmt.Sprint(x)`},
	// Functions.
	{re(`^missing return`), nil, "each way through the function ends with return and a value"},
	{re(`^too many return values`), nil, "say behind the brackets what the function returns: func f() float64 { … }"},
	// Packages.
	{re(`^no required module provides package (\S+?);`), nil, "fetch it: put the line !*go get $1 above the imports"},
	{re(`^package (\S+) is not in std`), nil, "a package of another module is imported by its whole path"},
}

// hintFor returns what to type, "" where nobody knows.
func hintFor(x fault, h history, n func() names) string {
	first, _, _ := strings.Cut(x.text, "\n")
	first = strings.TrimPrefix(first, "syntax error: ")
	if name, ok := strings.CutPrefix(first, "undefined: "); ok && h[name] {
		return name + " was declared below %% of another cell, and ended with that: declare it above %%, var " + name + " = …"
	}
	if text := ours.For(first); text != "" {
		return text
	}
	if noMember.MatchString(first) || noPackage.MatchString(first) {
		return n().nearest(first)
	}
	for _, t := range hints {
		m := t.says.FindStringSubmatchIndex(first)
		if m == nil {
			continue
		}
		of, at := first, m
		if t.line != nil {
			of = x.source
			if at = t.line.FindStringSubmatchIndex(of); at == nil {
				continue
			}
			of = strings.ReplaceAll(of, "\t", " ")
		}
		pattern := t.says
		if t.line != nil {
			pattern = t.line
		}
		return string(pattern.ExpandString(nil, t.text, of, at))
	}
	return ""
}
