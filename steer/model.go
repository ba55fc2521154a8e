package steer

// A Model is a handle on a language model: what tasks are described on. It holds no weights itself.
type Model struct {
	name   string
	runner Runner
}

// New returns a model whose tasks run on r. The name is for people.
func New(name string, r Runner) *Model { return &Model{name: name, runner: r} }

// Name returns the name that the model was opened under.
func (m *Model) Name() string { return m.name }

// String returns the model's name.
func (m *Model) String() string { return m.name }

// Runner returns what runs the model's requests.
func (m *Model) Runner() Runner { return m.runner }
