// Package report makes one document of what a session, a notebook or a study has found: as an HTML page that needs nothing
// else, as Markdown, or as LaTeX.
//
//	r, err := report.ReadNotebook("00-quickstart.ipynb")   // or ReadSession, ReadStudy
//	err = r.Save("quickstart.html", report.Options{})      // or .md, .tex
//
// A [Report] is a title and blocks in their order: headings, prose, code, outputs. Everything else comes from the origins of
// the outputs (internal/journal): the verdict, which stands first; the prompts with their tokens; the circuits; the table of
// results with their addresses; the settings; a sentence on methods; what to cite.
//
// The page asks for nothing from anywhere, and says so to the browser, by a content security policy. Of the HTML of outputs
// only what a document needs is kept: no script of a notebook runs in its report. What is shown is recorded in the page, with
// digests, so that neuronsteer verify can tell whether it was changed.
//
// There is no engine here.
package report
