// Package stats is the statistics that results report: intervals, tests, trends and agreement of rankings, in plain loops: every cell
// of a notebook links it, and gonum's stat would bring its linear algebra along.
//
//	estimates.go   means with percentile intervals by bootstrap; quantiles
//	nulls.go       p values: among random controls, by flipped signs, of a fair coin; Holm's adjustment; effect sizes
//	trends.go      slopes and rank correlations
//	correlations.go  correlations of means over prompts, with intervals over units and prompts
//	chance.go      what sets drawn at random share: hypergeometric, exactly
//	rankings.go    rank-biased overlap
//	hierarchy.go   agglomerative clusters, silhouettes, and how much of a cluster another partition has
//	streams.go     the random numbers behind them, one stream for each use of a seed
//
// Everything is a function of its arguments, seeds included: the same numbers give the same answer on every run. What has
// no answer has a plain one, said at each function, and never NaN or a panic: these numbers stand on cards.
package stats
