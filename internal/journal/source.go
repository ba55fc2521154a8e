package journal

import (
	"encoding/json"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
)

// A Source is one result that an output used: enough to compute it again and to see whether it is the same.
type Source struct {
	Ref      string         `json:"ref"` // its content address
	Kind     string         `json:"kind"`
	Version  int            `json:"version"`            // of the kind
	Settings string         `json:"settings,omitempty"` // canonical JSON, as a text so that its bytes stay; empty where it is packed, was too long, or the cell has said it before
	Packed   string         `json:"packed,omitempty"`   // long settings; see Unpack
	Identity steer.Identity `json:"identity"`
	Model    string         `json:"model"`  // as it was asked for
	Engine   string         `json:"engine"` // what did the work
	Tool     string         `json:"tool"`
	Summary  Summary        `json:"summary,omitempty"`
}

// NewSource describes a result.
func NewSource(rec steer.Record) Source {
	h := rec.Header
	s := Source{Ref: h.Request.Ref(h.Identity).String(), Kind: h.Request.Kind, Version: h.Request.Version, Identity: h.Identity,
		Model: h.Model, Engine: h.Engine, Tool: h.Tool, Settings: string(h.Request.Settings), Summary: Summarize(rec)}
	return s.Pack()
}

// NewSources describes a result, and before it the kept ones that it was put together from.
func NewSources(rec steer.Record) []Source {
	var out []Source
	if (message.EvidenceSettings{}).Kind().Name == rec.Header.Request.Kind {
		var body message.EvidenceBody
		if json.Unmarshal(rec.Header.Body, &body) == nil {
			for i, k := range body.Kept {
				part := steer.Record{Tensors: map[string]steer.Tensor{}}
				if json.Unmarshal(k.Header, &part.Header) != nil {
					continue
				}
				for name := range k.Sizes {
					part.Tensors[name] = rec.Tensors[message.KeptName(i, name)]
				}
				out = append(out, NewSource(part))
			}
		}
	}
	return append(out, NewSource(rec))
}

// Kept reports whether the result depends on what was kept then: it was put together from it, or says what it would save.
func (s Source) Kept() bool {
	return s.Kind == (message.EvidenceSettings{}).Kind().Name || s.Kind == (message.PlanSettings{}).Kind().Name
}

// Brief returns the source without what was said before.
func (s Source) Brief() Source { s.Settings, s.Packed, s.Summary = "", "", nil; return s }

// Whole reports whether the source can be computed again from what it says.
func (s Source) Whole() bool { return s.Settings != "" || s.Packed != "" }

// Request returns what is to be computed. It is an error where the address is not that of the request: one of both was changed.
func (s Source) Request() (steer.Request, error) {
	s = s.Unpack()
	r := steer.Request{Kind: s.Kind, Version: s.Version, Settings: json.RawMessage(s.Settings)}
	if !json.Valid(r.Settings) {
		return r, fmt.Errorf("the settings of %s %.8s are no JSON", s.Kind, s.Ref)
	}
	if got := r.Ref(s.Identity).String(); got != s.Ref {
		return r, fmt.Errorf("the %s that is recorded as %.8s has the address %.8s: its settings, its model or its address were changed", s.Kind, s.Ref, got)
	}
	return r, nil
}

// String names the source for people.
func (s Source) String() string { return fmt.Sprintf("%s %.8s", s.Kind, s.Ref) }
