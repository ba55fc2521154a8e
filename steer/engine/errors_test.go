package engine

import (
	"errors"
	"fmt"
	"testing"
)

// TestPrefix: a mistake says once where it was made, whatever way it came.
func TestPrefix(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{Mistake(BadSetting, "no target"), "attribute: no target"},
		{Errorf(BadSetting, "attribute", "no target"), "attribute: no target"},
		{Errorf(BadFile, "c.json", "no circuit"), "c.json: no circuit"},
		{Mistake(BadSetting, "attribute: no target"), "attribute: no target"},
		{errors.New("attribute: no target"), "attribute: no target"},
		{fmt.Errorf("attribute: %w", Mistake(BadSetting, "no target")), "attribute: no target"},
		{errors.New("attributes are not scores"), "attribute: attributes are not scores"},
		{errors.Join(Mistake(BadSetting, "a"), errors.New("attribute: b")), "attribute: a\nattribute: b"},
		{Mistakes(fmt.Errorf("attribute: %w", Mistake(BadSetting, "no target")))[0], "attribute: no target"},
	} {
		if got := Prefix("attribute", c.err).Error(); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.err, got, c.want)
		}
	}
	if Prefix("attribute", nil) != nil {
		t.Error("nothing becomes a mistake")
	}
}
