package steer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestMistakesRoundTrip: a joined error survives being written as JSON on one side and joined again on the other.
func TestMistakesRoundTrip(t *testing.T) {
	one := engine.Errorf(steer.NotOneToken, "attribute", "target %q is %d tokens", " x", 2).Try("use %q", " y")
	two := engine.Errorf(steer.BadSetting, "attribute", "no target")
	for name, err := range map[string]error{
		"one": one, "two": errors.Join(one, two), "nested": errors.Join(errors.Join(two), errors.Join(one, two)),
		"with nil": errors.Join(nil, one, nil),
	} {
		b, jerr := json.Marshal(engine.Mistakes(err))
		if jerr != nil {
			t.Fatal(jerr)
		}
		var es []*steer.Error
		if err := json.Unmarshal(b, &es); err != nil {
			t.Fatal(err)
		}
		back := engine.JoinMistakes(es)
		if !reflect.DeepEqual(engine.Mistakes(back), engine.Mistakes(err)) || back.Error() != err.Error() {
			t.Errorf("%s comes back as\n%v\nwant\n%v", name, back, err)
		}
		for _, c := range []steer.Code{steer.NotOneToken, steer.BadSetting, steer.Lost} {
			if errors.Is(back, c) != errors.Is(err, c) {
				t.Errorf("%s: errors.Is(%q) changes", name, c)
			}
		}
	}
	if engine.Mistakes(nil) != nil || engine.JoinMistakes(nil) != nil {
		t.Error("no error becomes one")
	}
}

func TestMistakesOfOthers(t *testing.T) {
	es := engine.Mistakes(errors.New("disk on fire"))
	if len(es) != 1 || es[0].Code != steer.Internal || es[0].Error() != "disk on fire" {
		t.Errorf("a foreign error becomes %v", es)
	}
	wrapped := fmt.Errorf("reading page 3: %w", engine.Errorf(steer.BadText, "tokens", "a NUL byte").Try("leave it out"))
	es = engine.Mistakes(wrapped)
	if len(es) != 1 || es[0].Code != steer.BadText || es[0].Error() != wrapped.Error() || !errors.Is(es[0], steer.BadText) {
		t.Errorf("a wrapped error becomes %v; want its code and the whole text", es)
	}
}

func TestErrorText(t *testing.T) {
	e := engine.Errorf(steer.BadSetting, "predict", "Top(%d) lists nothing", 0)
	if got := e.Error(); got != "predict: Top(0) lists nothing" {
		t.Errorf("%q", got)
	}
	if got := e.Try("use Top(%d)", 10).Error(); got != "predict: Top(0) lists nothing; use Top(10)" || e.Hint != "" {
		t.Errorf("%q; Try returns a copy (hint of the original: %q)", got, e.Hint)
	}
	if errors.Is(e, steer.BadText) || !errors.Is(e, steer.BadSetting) {
		t.Error("errors.Is does not tell codes apart")
	}
}
