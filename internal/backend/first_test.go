package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

func TestFirst(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(1, 2))
	for _, dims := range [][3]int{{3, 5, 7}, {1, 64, 33}, {40, 100, 130}, {200, 96, 64}} {
		x, w, v := random(r, dtypes.Float32, dims[0], dims[1]), random(r, dtypes.Float32, dims[2], dims[1]), random(r, dtypes.Float32, 1, dims[1])
		same(t, b, ref, []tensor{x, w, v}, 1e-4, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
			sq, err := f.Mul(in[0], in[0])
			if err != nil {
				return nil, err
			}
			s, err := f.ReduceSum(sq, 1)
			if err != nil {
				return nil, err
			}
			s, err = f.Sqrt(s)
			if err != nil {
				return nil, err
			}
			s, err = f.Reshape(s, dims[0], 1)
			if err != nil {
				return nil, err
			}
			n, err := f.Div(in[0], s)
			if err != nil {
				return nil, err
			}
			n, err = f.Mul(n, in[2])
			if err != nil {
				return nil, err
			}
			y, err := f.DotGeneral(n, []int{1}, nil, in[1], []int{1}, nil, compute.DotGeneralConfig{})
			if err != nil {
				return nil, err
			}
			z, err := f.DotGeneral(y, []int{1}, nil, in[1], []int{0}, nil, compute.DotGeneralConfig{})
			if err != nil {
				return nil, err
			}
			p, err := f.FusedSoftmax(z, 1)
			if err != nil {
				return nil, err
			}
			q, err := f.Transpose(p, 1, 0)
			return []compute.Value{y, z, p, q}, err
		})
	}
}
