package bpe

import (
	"slices"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/bpe/pattern"
)

// A match is a stretch [start,end) of a text: a match of a pattern, or what lies between two.
type match struct {
	start, end int
	is         bool
}

// found lists the matches of a pattern and what lies between; the other way around if invert is set.
func found(pat *pattern.Pattern, s string, invert bool) []match {
	if s == "" {
		return []match{{0, 0, invert}}
	}
	m := pat.Find(s)
	defer m.Release()
	out := make([]match, 0, len(s)/3+1)
	last := 0
	for from, to, ok := m.Next(); ok; from, to, ok = m.Next() {
		if last != from {
			out = append(out, match{last, from, invert})
		}
		out = append(out, match{from, to, !invert})
		last = to
	}
	if last != len(s) {
		out = append(out, match{last, len(s), invert})
	}
	return out
}

// foundRunes lists the characters that is accepts, each by itself, and what lies between.
func foundRunes(is func(rune) bool, s string) []match {
	if s == "" {
		return []match{{0, 0, false}}
	}
	var out []match
	last := 0
	for i, r := range s {
		if !is(r) {
			continue
		}
		if last < i {
			out = append(out, match{last, i, false})
		}
		last = i + utf8.RuneLen(r)
		out = append(out, match{i, last, true})
	}
	if last < len(s) {
		out = append(out, match{last, len(s), false})
	}
	return out
}

// behaviors say what becomes of the matches of a pattern: those that stay set are taken out.
var behaviors = map[string]func([]match) []match{
	"Removed": func(all []match) []match { return all },
	"Isolated": func(all []match) []match {
		for i := range all {
			all[i].is = false
		}
		return all
	},
	"Contiguous": func(all []match) []match {
		return joined(all, func(before, now bool) bool { return before == now })
	},
	"MergedWithPrevious": func(all []match) []match {
		return joined(all, func(before, now bool) bool { return now && !before })
	},
	"MergedWithNext": mergedWithNext,
}

// joined puts each stretch together with the one before where join says so of whether each is a match. Before the first
// there is none.
func joined(all []match, join func(before, now bool) bool) []match {
	out := all[:0]
	before := false
	for _, m := range all {
		now := m.is
		m.is = false
		if len(out) > 0 && join(before, now) {
			out[len(out)-1].end = m.end
		} else {
			out = append(out, m)
		}
		before = now
	}
	return out
}

func mergedWithNext(all []match) []match {
	to := len(all) // what is done lies from here on
	before := false
	for _, m := range slices.Backward(all) {

		now := m.is
		m.is = false
		if to < len(all) && now && !before {
			all[to].start = m.start
		} else {
			to--
			all[to] = m
		}
		before = now
	}
	return all[to:]
}

// splitStep is the pre-tokenizer that takes the stretches that find lists, after how has joined them.
func splitStep(find func(part) []match, how func([]match) []match) pretokenizer {
	return func(words []part, p part) []part {
		for _, m := range how(find(p)) {
			if !m.is && m.start < m.end {
				words = append(words, p.slice(m.start, m.end))
			}
		}
		return words
	}
}
