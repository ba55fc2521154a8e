package decoder

// Rules says which factors the backward pass holds constant. The forward values never depend on it.
type Rules struct {
	Norm    bool // norm rule: the factor of every norm but those of queries and keys
	QKNorm  bool // and of those
	Half    bool // half rule: the gate's coefficient, and half of the product rule to each factor of act(gate)·up
	Pattern bool // the attention pattern
	Cap     bool // the factor that caps a logit, cap·tanh(z/cap)/z
}

// The rules with a name.
var (
	RelP           = Rules{Norm: true, Half: true}                           // arXiv 2508.21258, attention left differentiable
	ConstantQKNorm = Rules{Norm: true, Half: true, QKNorm: true}             // RelP, and so are the norms of queries and keys
	Frozen         = Rules{Norm: true, Half: true, Pattern: true, Cap: true} // RelP, and attention patterns and capping factors are constant
	Plain          = Rules{}                                                 // the ordinary gradient
)

// Tape returns the rules that a tape depends on.
func (r Rules) Tape() Rules { return Rules{Norm: r.Norm, QKNorm: r.QKNorm, Half: r.Half} }
