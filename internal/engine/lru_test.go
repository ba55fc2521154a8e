package engine

import (
	"errors"
	"slices"
	"testing"
)

func TestLRU(t *testing.T) {
	var made, freed []int
	broken := errors.New("broken")
	c := newLRU(2, func(k int) (int, error) {
		if k < 0 {
			return 0, broken
		}
		made = append(made, k)
		return 10 * k, nil
	}, func(v int) { freed = append(freed, v) })
	use := func(k int) (done func()) {
		t.Helper()
		v, done, err := c.get(k)
		if err != nil || v != 10*k {
			t.Fatalf("get %d: %d, %v", k, v, err)
		}
		return done
	}
	hold := use(1)
	use(2)()
	use(1)()
	use(3)() // 2 is the oldest
	if !slices.Equal(made, []int{1, 2, 3}) || !slices.Equal(freed, []int{20}) {
		t.Errorf("made %v, freed %v", made, freed)
	}
	use(4)() // 1 goes, but somebody holds it
	if !slices.Equal(freed, []int{20}) {
		t.Errorf("freed %v while in use", freed)
	}
	hold()
	if !slices.Equal(freed, []int{20, 10}) {
		t.Errorf("freed %v after use", freed)
	}
	if _, _, err := c.get(-1); !errors.Is(err, broken) {
		t.Error(err)
	}
	c.close()
	if slices.Sort(freed); !slices.Equal(freed, []int{10, 20, 30, 40}) || len(c.kept) != 0 {
		t.Errorf("freed %v in the end", freed)
	}
}
