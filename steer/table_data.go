package steer

// Table returns a row for each example: what the model does on it.
func (g Baseline) Table() Table {
	t := Table{Caption: firstLine(g.String()), Columns: []string{"prompt", "target", "target_rank", "target_probability", "versus", "versus_rank", "difference"}}
	for _, o := range g.Outcomes() {
		row := []any{o.Prompt, o.Target.Text, nil, nil, nil, nil, o.Difference}
		if o.Target.Rank > 0 {
			row[2], row[3] = o.Target.Rank, o.Target.Probability
		}
		if o.Versus != nil {
			row[4] = o.Versus.Text
			if o.Versus.Rank > 0 {
				row[5] = o.Versus.Rank
			}
		}
		t.Add(row...)
	}
	return t
}

// Table returns the examples, with the columns that any of them fills.
func (s ExampleSet) Table() Table {
	rows := make([][]any, 0, s.Len())
	for _, e := range s.All() {
		rows = append(rows, []any{e.Prompt, e.Target, e.Versus, e.Chat, e.System, e.Prefill, e.Split, e.Patch})
	}
	return whatIsFilled(s.String(), []string{"prompt", "target", "versus", "chat", "system", "prefill", "split", "patch"}, rows)
}

// Table returns the pairs, with the columns that any of them fills.
func (s PairSet) Table() Table {
	rows := make([][]any, 0, s.Len())
	for _, p := range s.All() {
		rows = append(rows, []any{p.Positive, p.Negative, p.Chat, p.System, p.Prefill, p.Split})
	}
	return whatIsFilled(s.String(), []string{"positive", "negative", "chat", "system", "prefill", "split"}, rows)
}

// Table returns the texts.
func (s TextSet) Table() Table {
	t := Table{Caption: s.String(), Columns: []string{"text"}}
	for _, x := range s.s.All() {
		t.Add(x)
	}
	return t
}

// whatIsFilled is a table of the columns that hold anything; the first two always stand.
func whatIsFilled(caption string, columns []string, rows [][]any) Table {
	t := Table{Caption: caption}
	var keep []int
	for i, c := range columns {
		holds := i < 2
		for _, r := range rows {
			holds = holds || r[i] != "" && r[i] != false
		}
		if holds {
			keep, t.Columns = append(keep, i), append(t.Columns, c)
		}
	}
	for _, r := range rows {
		row := make([]any, len(keep))
		for i, k := range keep {
			row[i] = r[k]
		}
		t.Add(row...)
	}
	return t
}

// Table returns what the model is, a fact a row.
func (i Info) Table() Table {
	t := Table{Caption: i.Name(), Columns: []string{"what", "value"}}
	s := i.Shape()
	for _, x := range []struct {
		what  string
		value int
	}{{"layers", s.Layers}, {"width", s.Width}, {"neurons of a layer", s.Neurons}, {"heads", s.Heads}, {"tokens of the vocabulary", s.Vocab}, {"longest context", s.Positions}} {
		t.Add(x.what, x.value)
	}
	return t
}
