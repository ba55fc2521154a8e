package report

// Live is the engine in the page.
type Live struct{}

// policy is the content security policy of a page: nothing is asked for, from anywhere.
func (l *Live) policy() string {
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}

func (l *Live) scripts() string { return "" }

func (p *page) live() {}
