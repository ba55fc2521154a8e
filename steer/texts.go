package steer

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// diverseTexts are the twenty prompts of the reference implementation, on which it looks for universal neurons and takes
// mean activations when it is given none.
var diverseTexts = []string{
	"The capital of France is", "Once upon a time there was a", "The best programming language is", "In the year 2024, the world",
	"The key to the cabinets", "How do I bake a cake?", "What is photosynthesis?", "The CEO of Apple is", "My favorite color is",
	"The largest ocean on Earth is", "Yesterday I went to the", "The speed of light is approximately",
	"In machine learning, a neural network", "The president of the United States", "Water freezes at a temperature of",
	"The meaning of life is", "To solve this math problem,", "The Great Wall of China was", "An electron has a charge of",
	"The chemical formula for water is",
}

// DiverseTexts returns twenty prompts about different things, those of the reference implementation.
func DiverseTexts() []string { return slices.Clone(diverseTexts) }

// ownTexts reports a chat of the texts that a task takes when it is given none, which are raw prompts.
func ownTexts(task string, given bool, like message.Prompt) error {
	if given || !like.Chat {
		return nil
	}
	return engine.Mistake(engine.BadSetting, "the texts that are taken when none are given are raw prompts").
		Try("leave out Chat, or give %s texts of your own", task)
}
