package steer

// An Example is one prompt with the token that shows a behavior and, usually, one that does not.
type Example struct {
	Prompt  string `json:"prompt"`
	Target  string `json:"target"`
	Versus  string `json:"versus,omitempty"` // empty: the target's logit alone
	Chat    bool   `json:"chat,omitempty"`   // Prompt is a user's turn
	System  string `json:"system,omitempty"`
	Prefill string `json:"prefill,omitempty"`
	Split   string `json:"split,omitempty"` // "train" or "test"; empty: the set's own rule
	Patch   string `json:"patch,omitempty"` // the counterfactual prompt, which PatchAblation takes activations from
}

// A Pair is two prompts that differ in one thing, for a contrast or a control vector.
type Pair struct {
	Positive string `json:"positive"`
	Negative string `json:"negative"`
	Chat     bool   `json:"chat,omitempty"`
	System   string `json:"system,omitempty"`
	Prefill  string `json:"prefill,omitempty"`
	Split    string `json:"split,omitempty"`
}
