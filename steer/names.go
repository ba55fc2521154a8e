package steer

import "github.com/neuronsteer/neuronsteer/steer/engine"

// What crosses the seam to an engine and is named in a notebook too, so that one import is enough there.
type (
	// Error is one mistake: what, where, and what to type next. See [engine.Error].
	Error = engine.Error
	// Code says what kind of mistake an Error is.
	Code = engine.Code
	// Rule says what the backward pass of an attribution holds constant.
	Rule = engine.Rule
	// Site says which numbers of a model are meant.
	Site = engine.Site
	// Shape gives the sizes of a model.
	Shape = engine.Shape
	// Token is a piece of a text as the model reads it.
	Token = engine.Token
	// Neuron is one input of a layer's down_proj.
	Neuron = engine.Neuron
	// Warning is something that a reader of a result must know.
	Warning = engine.Warning
)

// The rules.
const (
	RelP   = engine.RelP   // norm factors and gate coefficients constant, half rule; attention differentiable
	Frozen = engine.Frozen // RelP with constant attention patterns

	ConstantQKNorm = engine.ConstantQKNorm // RelP with the norms of queries and keys constant too (Qwen 3, Gemma 3, OLMo 2)

	Gradient = engine.Gradient // the ordinary gradient: nothing is constant
)

// IntegratedGradients returns the rule of integrated gradients with as many steps, each a pass for every layer: a neuron's
// activation times the mean of its gradient while the neurons of its layer are scaled from 0 to 1. The scores of a layer add
// up to what the metric loses without its neurons (Scores.Completeness). See [engine.IntegratedGradients] for the definition
// and its sources. Ten steps are a good beginning; layers that make an attention sink take more, and say so.
func IntegratedGradients(steps int) Rule { return engine.IntegratedGradients(steps) }

// The sites.
const (
	Embedding  = engine.Embedding // the entry of the residual stream [T,D]; for Capture alone
	Attention  = engine.Attention // attention patterns [L,H,T,T]; for Capture alone
	MLPNeurons = engine.Neurons   // h, the input of each down_proj [L,T,F]
	MLP        = engine.MLP       // the output of each MLP [L,T,D]
	Residual   = engine.Residual  // the residual stream after each layer [L,T,D]
	Logits     = engine.Logits    // logits at every position [T,V]; for Capture alone
)

// The codes of mistakes, for errors.Is(err, steer.NotOneToken).
const (
	BadSetting    = engine.BadSetting
	BadRequest    = engine.BadRequest
	EmptyPrompt   = engine.EmptyPrompt
	PromptTooLong = engine.PromptTooLong
	NotOneToken   = engine.NotOneToken
	SameToken     = engine.SameToken
	UnknownModel  = engine.UnknownModel
	BadModel      = engine.BadModel
	ModelMismatch = engine.ModelMismatch
	BadFile       = engine.BadFile
	BadText       = engine.BadText
	NotFinite     = engine.NotFinite
	TooLarge      = engine.TooLarge
	NoEngine      = engine.NoEngine
	Lost          = engine.Lost
	Internal      = engine.Internal
)
