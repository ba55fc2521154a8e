package main

// saying asks what may be said.
var saying = step{"Say", "How sure is it, and what may be said?", []task{
	{
		name: "Methods", answers: "Do other ways to look for neurons find the same ones, and which find neurons that do something?",
		when:   "once for each behavior, before a method is believed.",
		not:    "to pick the method with the best number on the same examples and report that number.",
		caveat: "Methods that share a cause share mistakes: RelP, Frozen and Gradient all read slopes. Agreement of a slope with a contrast says more.",
	},
	{
		name: "Stability", answers: "Which neurons would another reasonable choice of rule, selection, size or prompts have chosen too?",
		when:   "before single neurons of a circuit are named: each is core, contingent or noise.",
		not:    "on a few examples: two examples show nothing, and the p values say so.",
		caveat: "A circuit that is found again is stable, not right: it may be that of a behavior which the model does not show. Many behaviors have no core at all.",
	},
	{
		name: "Verdict", answers: "Which criteria of a circuit are met by what has been computed, and which has nothing tested?",
		when:   "last: it computes nothing that was not asked for, and reads the results that are kept.",
		not:    "as one grade: the criteria ask different things, and \"not tested\" is not \"met\".",
		caveat: "It knows the results of this model that are in the store, of whatever session. None of the circuits of the 28 behaviors of the teaching model, each of 20 neurons, meets every criterion that is tested.",
	},
}}
