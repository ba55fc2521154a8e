// Package pagecheck says what is wrong with a page, or with the outputs of a notebook, for whoever cannot see, has another theme,
// or is offline. It is for tests: nothing that is shipped imports it.
//
// [Page] checks a whole HTML document, [Output] one output of a cell and [Notebook] a notebook with all of its outputs. They look for
//
//   - pictures without words: an image without alt, a drawing without a name, a PNG that no HTML says in words;
//   - tables without a caption, or whose heads do not say what they are the heads of;
//   - text whose contrast with what is behind it is below 4.5 (WCAG 2.2, criterion 1.4.3) in JupyterLab's light or dark theme, or of
//     a document in either of the two that a browser may ask it for;
//   - headings out of order;
//   - anything that would be fetched from elsewhere when the page is shown;
//   - text that was meant for a machine: escapes, verbs of fmt, pointers, marks of characters that could not be read;
//   - paths of the machine that the page was made on.
//
// A link that a reader may follow is none of these.
package pagecheck
