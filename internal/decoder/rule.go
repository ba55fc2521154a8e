package decoder

// Rules says which factors the backward pass holds constant. The forward values never depend on it.
type Rules struct {
	Norm    bool // norm rule: the factor of every norm
	Half    bool // half rule: the gate's coefficient, and half of the product rule to each factor of act(gate)·up
	Pattern bool // the attention pattern
}

// The rules with a name.
var (
	RelP   = Rules{Norm: true, Half: true}                // arXiv 2508.21258, attention left differentiable
	Frozen = Rules{Norm: true, Half: true, Pattern: true} // RelP, and attention patterns are constant
	Plain  = Rules{}                                      // the ordinary gradient
)
