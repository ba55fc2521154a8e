// Package gonbext is the notebook surface of neuronsteer: it runs tasks from the cells of a GoNB notebook and shows what
// they give. It is imported as nb:
//
//	import nb "github.com/neuronsteer/neuronsteer/gonbext"
//
//	var m = nb.Model("teaching")
//	var praise = nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
//	var top = praise.TopK(20).Named("praise")
//	%%
//	nb.Show(praise, top)
//
// # Running
//
// GoNB keeps a cell's declarations and runs them again in every later cell, each time in a new process. So nothing here
// works before it must: [Model] is a handle, and [Run] returns its typed result at once. The first method that needs a
// number finds the record in the store or has the resident process compute it, so a cell pays only for what it shows, and
// a wrong declaration ends only the cells that use it. Selections of a lazy result are lazy in turn.
//
// # Showing
//
// [Show] takes results, tasks (it runs them), figures, models, errors, images and text, and shows them in that order. A
// card is one output with two forms, HTML and aligned text; the HTML carries its meaning in words, numbers and real
// tables, so it reads the same where a host strips its styles. The card of a steered pass says in words what was done: "praise ×0".
// [Compare] puts results beside one another, each named by these words. In tokens a space is shown as ·, a line break as \n and
// whatever cannot be seen as its escape. Warnings come last on every card.
//
// What takes longer than a second has a progress line, which ends as one line such as "attribute · 2.1 s · 9f3a12cd":
// the task, the time, and the first digits of the result's content address. Outside a notebook the text goes to standard
// output, and progress to standard error where that is a terminal.
//
// # Failing
//
// A mistake shows one card, with what to type next and the line that asked, and ends the cell with exit status 1. All
// mistakes of a task are on the one card, and a result that depends on a failed one adds no second card. Functions that
// return an error themselves are met with [Must] and [Check]. The kernel's interrupt cancels what is running and ends the
// cell with one line and exit status 130.
//
// The package links no engine: it is pure Go and builds with CGO_ENABLED=0.
package gonbext
