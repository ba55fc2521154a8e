package engine

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/backend"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// plugins are the backends that load a plugin; a build tag of the name adds it.
var plugins = map[string]func(path string) (compute.Backend, error){}

// openBackend returns the backend that the options name.
func openBackend(opt Options) (compute.Backend, error) {
	switch name := cmp.Or(opt.Backend, Backends[0]); name {
	case native:
		if _, err := kernel.Chosen(); err != nil {
			return nil, seam.Errorf(seam.BadSetting, "open", "%v", err).Try("leave %s unset", kernel.Variable)
		}
		return backend.New(0), nil
	case "go":
		return openGo()
	case "xla":
		open, ok := plugins[name]
		if !ok {
			return nil, seam.Errorf(seam.BadSetting, "open", "this program was built without the backend %s", name).
				Try("build it with go build -tags %s, or leave NEURONSTEER_BACKEND unset", name)
		}
		b, err := open(opt.Plugin)
		if err != nil {
			return nil, seam.Errorf(seam.BadSetting, "open", "the plugin %s cannot be loaded: %v", opt.Plugin, err).
				Try("add one of this system: neuronsteer backend add %s=PATH", name)
		}
		return b, nil
	default:
		return nil, seam.Errorf(seam.BadSetting, "open", "there is no backend %q", name).
			Try("set NEURONSTEER_BACKEND to %s, or leave it unset", strings.Join(append(slices.Clone(Backends), "xla"), ", "))
	}
}

// openGo returns GoMLX's own backend with unlimited parallelism. With the default limit the backend can deadlock when calls
// run at the same time. Its configuration string would set that too, but prints a line to the standard output, which may
// be a protocol's; so the exported setter is called, through reflection because its type is internal to the module. Should
// a later version lack it, the configuration string is used.
func openGo() (compute.Backend, error) {
	b, err := gobackend.New("")
	if err != nil {
		return nil, err
	}
	if pool := reflect.Indirect(reflect.ValueOf(b)).FieldByName("Workers"); pool.IsValid() {
		if set := pool.MethodByName("SetMaxParallelism"); set.IsValid() && set.Type().NumIn() == 1 {
			set.Call([]reflect.Value{reflect.ValueOf(-1)})
			return b, nil
		}
	}
	b.Finalize()
	return gobackend.New("parallelism=-1")
}

// number is what crosses between host and device.
type number interface{ float32 | int32 }

// newTensor copies data to the device.
func newTensor[T number](b compute.Backend, data []T, dims ...int) (*tensors.Tensor, error) {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*4) // both numbers have 4 bytes
	var zero T
	return tensors.FromRaw(b, 0, shapes.Make(dtypes.FromAny(zero), dims...), raw)
}

// read calls f with the numbers of a tensor; f must not keep them.
func read(t *tensors.Tensor, f func([]float32)) error { return tensors.ConstFlatData(t, f) }
