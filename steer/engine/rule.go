package engine

import (
	"strconv"
	"strings"
)

// Rule says what the backward pass of an attribution holds constant.
type Rule string

// The rules that an engine knows.
const (
	RelP           Rule = "relp"             // norm factors and gate coefficients constant, half rule; attention differentiable
	Frozen         Rule = "frozen"           // RelP with constant attention patterns, and a constant factor for a cap of the logits
	ConstantQKNorm Rule = "constant-qk-norm" // RelP with the norms of queries and keys constant too
	Gradient       Rule = "gradient"         // the ordinary gradient: nothing is constant
)

// Rules returns the rules that an engine knows.
func Rules() []Rule { return []Rule{RelP, Frozen, ConstantQKNorm, Gradient} }

// pathRule is how the name of the rule that IntegratedGradients makes begins; the number of steps follows.
const pathRule = "integrated-gradients:"

// MaxSteps bounds the steps of IntegratedGradients: each is a pass for every layer.
const MaxSteps = 1000

// IntegratedGradients returns the rule of integrated gradients (Sundararajan, Taly and Yan 2017, arXiv 1703.01365, equation 1)
// with the neurons of one layer as inputs and none of them as the baseline: each one's activation times the mean of its
// ordinary gradient while the layer's neurons are scaled from 0 to 1 and all other layers are as they are,
//
//	score[l,t,n] = h[l,t,n]·∫₀¹ ∂m/∂h′[l,t,n] dα,  h′[l] = α·h[l].
//
// So Dai et al. attribute knowledge to MLP neurons (arXiv 2104.08696, equation 2), and Marks et al. find circuits of features
// (arXiv 2403.19647, equation 4, there toward another prompt's activations). The scores of a layer add up to what the metric
// loses when all of its neurons are ablated. A path of all layers at once has one sum for all of them, and on a real model
// scores hundreds of times the metric, which cancel; a path of the input embeddings from zero, as in conductance (Dhamdhere,
// Sundararajan and Yan 2018, arXiv 1805.12233), says little where RMSNorm undoes a factor of the embeddings.
//
// Each layer takes as many passes under Gradient as there are steps, and one for its baseline. No engine knows the rule itself:
// it is computed over any. Tokens and heads are scored as under Gradient.
func IntegratedGradients(steps int) Rule { return Rule(pathRule + strconv.Itoa(steps)) }

// Steps returns the number of steps of integrated gradients; ok is false for any other rule.
func (r Rule) Steps() (n int, ok bool) {
	digits, ok := strings.CutPrefix(string(r), pathRule)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && IntegratedGradients(n) == r
}
