package gonbext

import "github.com/neuronsteer/neuronsteer/steer"

// Load returns the circuit that Save wrote to a .json file, to be used as if it had just been found:
//
//	var top = nb.Load(m, "circuit.json")
//
// The file is read, and held against the model, when a method first needs the neurons. One that was changed or belongs to another
// model ends the cell that uses it with a card. A vector is read by LoadVector, a set by steer.Examples, steer.Pairs or steer.Texts.
func Load(m *steer.Model, path string) steer.Circuit {
	return runAt(m.CircuitFile(path), caller())
}

// LoadVector returns the vector that Save wrote to a .safetensors or .gguf file, or that llama.cpp or repeng did, as Load does a
// circuit.
func LoadVector(m *steer.Model, path string) steer.Vector {
	return runAt(m.VectorFile(path), caller())
}
