package engine

// What to type next, for mistakes that are found in many places. They are arguments of Try.
const (
	// TryOneVersion is for a message that this version cannot read.
	TryOneVersion = "use the same version of neuronsteer on both sides"
	// TryCheck is for numbers that weights alone can have made.
	TryCheck = "the weights may be damaged: neuronsteer check"
	// TryLessOrCheck is for numbers that an intervention can have made as well.
	TryLessOrCheck = "a multiplier may be too large, or " + TryCheck
)
