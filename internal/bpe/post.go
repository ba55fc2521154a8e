package bpe

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A postStep is a step of a post-processor: it trims the places of tokens, or puts tokens around a text, or both.
type postStep struct {
	trim          bool // white space is not part of a token's place
	prefixed      bool // one space before the first token was put there
	before, after []int32
}

func readPost(v any) ([]postStep, error) {
	list, err := flatten("post_processor", "processors", v)
	if err != nil {
		return nil, err
	}
	var steps []postStep
	for _, o := range list {
		var step postStep
		switch o.kind {
		case "ByteLevel":
			step.trim, step.prefixed = o.flag("trim_offsets"), o.flag("add_prefix_space")
			o.flagOr("use_regex", true)
		case "TemplateProcessing":
			err = step.template(o)
		case "RobertaProcessing":
			step.trim, step.prefixed = o.flag("trim_offsets"), o.flag("add_prefix_space")
			step.before, step.after = o.named("cls"), o.named("sep")
		case "BertProcessing":
			step.before, step.after = o.named("cls"), o.named("sep")
		default:
			return nil, o.unknown("Sequence, ByteLevel, TemplateProcessing, RobertaProcessing and BertProcessing")
		}
		if err == nil {
			err = o.done()
		}
		if err != nil {
			return nil, err
		}
		if step.trim || step.before != nil || step.after != nil {
			steps = append(steps, step)
		}
	}
	return steps, nil
}

// named reads a token as [piece, id].
func (o *object) named(name string) []int32 {
	v, _ := o.get(name)
	if pair, ok := v.([]any); ok && len(pair) == 2 {
		if id, ok := tokenID(pair[1]); ok {
			return []int32{id}
		}
	}
	o.bad(name, "[piece, id]")
	return nil
}

func tokenID(v any) (int32, bool) {
	n, _ := v.(json.Number)
	id, err := n.Int64()
	return int32(id), err == nil && id >= 0 && id < MaxID
}

// template reads what "single" puts before and after the text A. That of pairs of texts does not matter here.
func (s *postStep) template(o *object) error {
	single, err := o.list("single")
	if err != nil {
		return err
	}
	o.get("pair")
	tokens, _ := o.get("special_tokens")
	byName, _ := tokens.(map[string]any)
	seen := false
	for _, x := range single {
		piece, _ := x.(map[string]any)
		if seq, ok := piece["Sequence"].(map[string]any); ok && len(piece) == 1 {
			if seen || seq["id"] != "A" {
				return fmt.Errorf("its post_processor TemplateProcessing: single has the text %v, want A once", seq["id"])
			}
			seen = true
			continue
		}
		special, _ := piece["SpecialToken"].(map[string]any)
		name, ok := special["id"].(string)
		token, found := byName[name].(map[string]any)
		list, isList := token["ids"].([]any)
		if !ok || !found || !isList {
			return fmt.Errorf("its post_processor TemplateProcessing: single has %v, which special_tokens does not explain", x)
		}
		for _, x := range list {
			id, ok := tokenID(x)
			if !ok {
				return fmt.Errorf("its post_processor TemplateProcessing: special_tokens gives %q the id %v", name, x)
			}
			if seen {
				s.after = append(s.after, id)
			} else {
				s.before = append(s.before, id)
			}
		}
	}
	if !seen {
		return fmt.Errorf("its post_processor TemplateProcessing: single lacks the text A")
	}
	return nil
}

// processed applies the post-processor to the tokens of parts.
func (t *Tokenizer) processed(s string, out []Token, parts []part, special bool) []Token {
	for _, step := range t.post {
		if step.trim {
			t.trim(s, out, parts, step.prefixed)
		}
		if special && len(step.before)+len(step.after) > 0 {
			all := make([]Token, 0, len(out)+len(step.before)+len(step.after))
			for _, id := range step.before {
				all = append(all, Token{ID: id})
			}
			all = append(all, out...)
			for _, id := range step.after {
				all = append(all, Token{ID: id})
			}
			out = all
		}
	}
	return out
}

// trim takes white space out of the places of tokens: as many characters of the text as the piece has spaces at that end, as
// the reference counts them.
func (t *Tokenizer) trim(s string, out []Token, parts []part, prefixed bool) {
	white := func(r rune) bool { return r == charOf[' '] || unicode.IsSpace(r) }
	found := 0
	for i := range out {
		x := &out[i]
		piece, _ := t.Piece(x.ID)
		if _, ok := t.added.byID[x.ID]; ok { // the text, with the white space that it took along
			for found < len(parts) && parts[found].id < 0 {
				found++
			}
			if found < len(parts) && parts[found].id == x.ID {
				piece = parts[found].s
				found++
			}
		}
		lead := utf8.RuneCountInString(piece) - utf8.RuneCountInString(strings.TrimLeftFunc(piece, white))
		trail := utf8.RuneCountInString(piece) - utf8.RuneCountInString(strings.TrimRightFunc(piece, white))
		if lead == 1 && prefixed && (i == 0 || x.Start == 0) {
			lead = 0
		}
		for ; lead > 0 && x.Start < x.End; lead-- {
			x.Start += width(s[x.Start:])
		}
		end := x.End
		for ; trail > 0 && end > 0; trail-- {
			_, n := utf8.DecodeLastRuneInString(s[:end])
			end -= n
		}
		if trail == 0 {
			x.End = max(end, x.Start)
		}
	}
}
