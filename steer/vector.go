package steer

// Space says which numbers of a model a vector or a capture is about.
type Space string

// The spaces.
const (
	Residual  Space = "residual"  // the residual stream after each layer [L,D]
	MLP       Space = "mlp"       // the output of each MLP [L,D]
	Neurons   Space = "neurons"   // h, the input of each down_proj [L,F]
	Attention Space = "attention" // attention patterns [L,H,T,T]; for Capture alone
	Logits    Space = "logits"    // logits at every position [T,V]; for Capture alone
	Embedding Space = "embedding" // the entry of the residual stream [T,D]; for Capture alone
)

// width returns the numbers a layer has in a space of vectors.
func (s Space) width(shape Shape) int {
	if s == Neurons {
		return shape.Neurons
	}
	return shape.Width
}

// A Vector is one direction for each layer, in one space: a control vector. It is immutable, and lazy when the task that
// makes it is.
type Vector struct {
	name string
	load func() vectorData
}

// vectorData is a loaded vector. Layers that it does not speak about are zero.
type vectorData struct {
	space  Space
	shape  Shape
	layers []bool    // [L] which layers the vector has
	rows   []float32 // [L,D] or [L,F]
	about  string    // how it was made
	model  string    // digest of the model, when known
}

func (v Vector) data() vectorData {
	if v.load == nil {
		return vectorData{}
	}
	return v.load()
}

// Named returns the vector under another name. Names are for people; they never enter a Ref.
func (v Vector) Named(name string) Vector { v.name = name; return v }

// Name returns the vector's name.
func (v Vector) Name() string { return v.name }
