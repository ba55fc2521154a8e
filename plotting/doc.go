// Package plotting draws the figures of a neuron circuit, for a notebook and for print.
//
// A figure is described first and drawn when it is needed:
//
//	fig := plotting.ByLayer(praise)                       // describes; computes nothing yet
//	png, err := fig.PNG()                                 // asks praise for its numbers, once, and draws them
//	err = fig.Dark().Save("praise.svg", "praise.pdf")     // a changed copy, saved for print
//
// # Figures
//
//   - [ByLayer]: support and opposition of every layer, as bars up and down, with the net of both.
//   - [HeatMap]: the score of every layer at every position of the prompt, layers up, tokens across.
//   - [Overlap]: what circuits have in common, each with each, and as the last row what a random circuit would share.
//   - [DoseResponse]: the response to scaling a circuit, with its interval, beside random circuits.
//   - [Calibration]: the strengths of an intervention that were tried, with the budget and the one that was found.
//   - [Faithfulness]: how much of a behavior the first units of a ranking carry, and how much is left without them.
//   - [Graph]: a circuit as nodes and edges, layers across and positions down.
//   - [LayerFlow]: what passes from layer to layer of such a graph, and through each.
//   - [AttentionHeads], [AttentionHead]: what all heads of a layer attend to, or one of them over the tokens.
//   - [LogitLens]: how an answer forms, the most likely next token after every layer at every position.
//   - [Profiles]: what the units of a circuit read and write, in the groups that they fall into, with the tree of these.
//   - [Methods]: methods of finding neurons side by side: effect beside chance, agreement with patching, overlap, layers.
//   - [Specifications]: a specification curve, the estimates of all combinations of choices and which has which.
//   - [Scatter]: two measurements of the same neurons, with the line on which they are equal, their correlation and n.
//   - [TokenStrip]: a text whose tokens are tinted by their scores.
//   - [BeforeAfter]: what an intervention does to the prediction of the next token.
//   - [Cumulative]: how few units carry most of a score.
//   - [ByPrompt]: the scores of units on the prompts of a behavior, each on each.
//   - [Forest]: effects with their intervals, beside zero and chance.
//   - [UpSet]: which neurons are in which of several circuits and in no other.
//   - [Explained]: how many neurons it takes to write a vector, beside random directions.
//
// # Plots
//
// Every figure is a *plot.Plot of gonum, which [Figure.Plot] returns: add a line or a label, move the legend, set ticks and
// ranges as in any other.
//
//	p := fig.Plot()
//	p.Add(threshold)
//	p.Legend.Top = true
//	err := fig.Save("praise.pdf")                         // with the threshold
//
// # What can be drawn
//
// Each figure asks for one small interface, e.g. [Layered] or [Grid], of slices of numbers and names. What is drawn may say more about itself by having
// any of these methods; they are found by type assertion and go into the subtitle, the axes and the alternative text:
//
//	Name() string               // of the circuit, e.g. "praise"; in DoseResponse it stands at the end of the line
//	Method() string             // how the scores came about, e.g. "relevance attribution"
//	About() string              // what was measured, e.g. `logit(" wonderful") − logit(" terrible")`
//	N() (n int, of string)      // the sample, e.g. 1, "prompt" or 20, "neurons"
//	Unit() string               // of the scores, e.g. "logits"
//
// # Reading a figure
//
// The title is the finding, computed from the numbers: the layers or tokens where the score is concentrated, or that
// it is spread out; the pair that overlaps most, how far the response goes, how much a few neurons span, each beside what
// chance gives, which is always gray. Blue supports and vermillion opposes (Okabe and Ito, Color Universal Design, 2008). The color
// scale of a heat map is symmetric, from −max|v| to +max|v|, and its exact middle, white, is zero; cells with room for
// it print their value. Layers are counted from 0; so are, in errors, the positions that are drawn. A space in a token
// is drawn as ·, a line break as \n, the token that begins a text as BOS, and what has no shape by its code, e.g. ‹U+200B›.
//
// One or two values that are many times all others do not hide them: a bar is cut off with two strokes across it and its value beside
// it, a cell of a heat map has a diamond and its value. Lines of one figure differ by color, dashes and points; more than four
// dose-response curves have a panel each on the same scales.
//
// # Scripts
//
// Text of any script is drawn, from right to left where it is read so, with the shapes that Arabic letters have when they join.
// What the fonts of a figure lack (they hold Latin, Greek, Cyrillic and Hebrew) comes from the first font of the system that has it;
// what none has is a box with a number, and the heading says which characters that is. Alternative texts hold the characters
// themselves. Scripts whose letters change places or grow together otherwise, e.g. Devanagari, are drawn letter by letter.
// Titles and alternative texts name what a terminal would obey and what turns text around.
//
// # Look
//
// Each returns a changed copy, so they can be strung together:
//
//	fig.Untitled()            // neither title nor subtitle: the caption of a paper says what they say
//	fig.FontSize(11)          // points; lines and margins grow with the text
//	fig.Width(3.25)           // inches, or CSS pixels where it is above 40; Height and Size likewise
//	fig.SymLog()              // axes of values linear near zero and logarithmic beyond
//	fig.Dark().Transparent()  // for a dark page, without paper
//	light, dark, err := fig.Variants() // both as PNG, for an output that follows the theme
//
// # Files
//
// PNG is rendered at 192 dpi, twice the density of a CSS pixel. SVG and PDF hold text as outlines, so that they look
// the same where the font is not installed; on one architecture the bytes of a file depend on nothing but the data, and on the
// system's fonts where the data hold characters that a figure's own fonts lack.
// [Figure.Save] picks the format by the file's extension and replaces files atomically.
//
// # Errors
//
// Describing a figure cannot fail. Drawing it returns an error that wraps one of [ErrNoData], [ErrNaN],
// [ErrInfinity], [ErrShape], [ErrSign], [ErrRange], [ErrSize], [ErrPlot] or [ErrFormat] and says what is wrong, where, and what to type next.
//
// The package imports neither steer nor a notebook: whatever has the methods can be drawn.
package plotting
