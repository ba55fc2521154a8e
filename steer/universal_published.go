package steer

// PublishedUniversal is the published list of always-active neurons of Llama-3.1-8B: those that TransluceAI/circuits leaves
// out of its circuits (its file jvp.py), as the reference implementation repeats it. It says nothing of any other model;
// there, Model.Universal finds them.
func PublishedUniversal() NeuronSet {
	return NewNeuronSet("universal in Llama-3.1-8B (TransluceAI/circuits)",
		Neuron{Layer: 2, Index: 4786}, Neuron{Layer: 5, Index: 7012}, Neuron{Layer: 6, Index: 5866}, Neuron{Layer: 7, Index: 6673}, Neuron{Layer: 9, Index: 4255}, Neuron{Layer: 10, Index: 11570},
		Neuron{Layer: 11, Index: 11321}, Neuron{Layer: 13, Index: 4208}, Neuron{Layer: 16, Index: 1241}, Neuron{Layer: 18, Index: 7417}, Neuron{Layer: 20, Index: 3972}, Neuron{Layer: 23, Index: 306})
}
