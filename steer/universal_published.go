package steer

// PublishedUniversal is the published list of always-active neurons of Llama-3.1-8B: those that TransluceAI/circuits leaves
// out of its circuits (its file jvp.py), as the reference implementation repeats it. It says nothing of any other model;
// there, Model.Universal finds them.
func PublishedUniversal() NeuronSet {
	return NewNeuronSet("universal in Llama-3.1-8B (TransluceAI/circuits)",
		Neuron{2, 4786}, Neuron{5, 7012}, Neuron{6, 5866}, Neuron{7, 6673}, Neuron{9, 4255}, Neuron{10, 11570},
		Neuron{11, 11321}, Neuron{13, 4208}, Neuron{16, 1241}, Neuron{18, 7417}, Neuron{20, 3972}, Neuron{23, 306})
}
