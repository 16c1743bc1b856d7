package find

import (
	"slices"
	"strings"
)

// Parse reads a filter. No words at all mean every queue. Its errors are
// [*Error].
func Parse(text string) (Query, error) {
	p := parser{text: text}
	q := Query{text: text}
	for {
		p.skipBlanks()
		if p.ended() {
			return q, nil
		}
		w, err := p.word()
		if err != nil {
			return Query{}, err
		}
		q.words = append(q.words, w)
	}
}

// Words makes a query of text in which no sign has a meaning of its own: a name
// must have the characters of each word, in their order.
func Words(text string) Query {
	q := Query{text: text}
	for _, w := range strings.Fields(text) {
		q.words = append(q.words, word{any: []term{{test: &fuzzy{newPattern(w)}}}})
	}
	return q
}

// parser reads a filter from left to right.
type parser struct {
	text string
	pos  int
}

func (p *parser) ended() bool { return p.pos == len(p.text) }

func (p *parser) next(c byte) bool { return !p.ended() && p.text[p.pos] == c }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *parser) skipBlanks() {
	for !p.ended() && isBlank(p.text[p.pos]) {
		p.pos++
	}
}

// exclamations reads ! as often as it stands there, and tells whether together
// they turn around what follows.
func (p *parser) exclamations() (not bool) {
	for p.next('!') {
		p.pos++
		not = !not
	}
	return not
}

func (p *parser) fail(offset int, problem, expected string) *Error {
	return &Error{Offset: offset, Problem: problem, Expected: expected, text: p.text}
}

// word reads terms with | between them, and what stands before the first.
func (p *parser) word() (word, error) {
	w := word{not: p.exclamations()}
	for {
		t, err := p.term()
		if err != nil {
			return word{}, err
		}
		w.any = append(w.any, t)
		p.skipBlanks()
		if !p.next('|') {
			return w, nil
		}
		p.pos++
		p.skipBlanks()
	}
}

// term reads one test, and what stands before it.
func (p *parser) term() (term, error) {
	not := p.exclamations()
	start := p.pos
	if p.next('"') {
		text, err := p.quoted()
		if err != nil {
			return term{}, err
		}
		if text == "" {
			return term{}, p.fail(start, "nothing is between the quotes", "a part of a name")
		}
		return term{not, &literal{newPattern(text)}}, p.separated()
	}
	raw := p.raw()
	if raw == "" {
		return term{}, p.fail(p.pos, "a word is missing", "a part of a name, or a condition such as >1000 or dlq")
	}
	t, err := p.test(raw, start)
	if err != nil {
		return term{}, err
	}
	return term{not, t}, p.separated()
}

// raw reads up to what ends a term or begins a quoted value.
func (p *parser) raw() string {
	start := p.pos
	for !p.ended() && !isBlank(p.text[p.pos]) && p.text[p.pos] != '|' && p.text[p.pos] != '"' {
		p.pos++
	}
	return p.text[start:p.pos]
}

// quoted reads text in quotes. There is no way to write a quote in it: names
// and tags of queues have none (docs/SQS.md 1.8, 3.1).
func (p *parser) quoted() (string, error) {
	start := p.pos + 1
	n := strings.IndexByte(p.text[start:], '"')
	if n < 0 {
		return "", p.fail(len(p.text), "a quote is not closed", `a "`)
	}
	p.pos = start + n + 1
	return p.text[start : start+n], nil
}

// separated checks that a term ends where it was read to.
func (p *parser) separated() error {
	if p.ended() || isBlank(p.text[p.pos]) || p.next('|') {
		return nil
	}
	return p.fail(p.pos, "a term goes on behind a quote, or a quote begins inside a word", "a blank or |")
}

// test makes a test of what was read from start on.
func (p *parser) test(raw string, start int) (test, error) {
	i := strings.IndexAny(raw, ":<>=")
	switch {
	case i >= 0 && raw[i] == ':':
		return p.keyed(raw[:i], raw[i+1:], start)
	case i >= 0:
		return p.comparison(raw, i, start)
	}
	switch f := flag(strings.ToLower(raw)); f {
	case flagDLQ, flagFIFO, flagStandard, flagTrouble, flagPinned:
		return f, nil
	}
	if strings.ContainsAny(raw, "*?") {
		return &glob{newPattern(raw)}, nil
	}
	return &fuzzy{newPattern(raw)}, nil
}

// keyed reads what stands behind tag:, region: or context:.
func (p *parser) keyed(key, rest string, start int) (test, error) {
	const keys = "tag:, region: or context:"
	at := start + len(key) + 1
	isQuoted := p.next('"')
	switch strings.ToLower(key) {
	case "tag":
		return p.tag(rest, at)
	case "region", "context":
	default:
		return nil, p.fail(start, "there is no "+key+":", keys)
	}
	v, err := p.value(rest)
	if err != nil {
		return nil, err
	}
	if v.text == "" && !isQuoted {
		return nil, p.fail(at, key+": says nothing", "the beginning of a name, or a pattern with * and ?")
	}
	return &place{value: v, context: strings.EqualFold(key, "context")}, nil
}

// value is a value of which the part that is not in quotes has been read. One
// in quotes has nothing before them.
func (p *parser) value(rest string) (value, error) {
	if rest != "" || !p.next('"') {
		return newValue(rest, false), nil
	}
	text, err := p.quoted()
	return newValue(text, true), err
}

// tag reads a key, which may stand in quotes as a value may, and a value.
func (p *parser) tag(rest string, at int) (test, error) {
	const expected = "the key of a tag, then perhaps = and the beginning of its value"
	if rest == "" && p.next('"') {
		key, err := p.quoted()
		if err != nil {
			return nil, err
		}
		t := &tag{key: newValue(key, true)}
		if p.next('=') {
			p.pos++
			t.value, err = p.value(p.raw())
		}
		return t, err
	}
	key, rest, has := strings.Cut(rest, "=")
	if key == "" {
		return nil, p.fail(at, "a tag has no name", expected)
	}
	t := &tag{key: newValue(key, false)}
	t.key.quoted = !t.key.glob
	if !has {
		return t, nil
	}
	var err error
	t.value, err = p.value(rest)
	return t, err
}

// comparison reads a number's name, an operator at i, and a limit.
func (p *parser) comparison(raw string, i, start int) (test, error) {
	name := strings.ToLower(raw[:i])
	f := slices.Index(fields(), name)
	if name == "" {
		f = int(visible)
	}
	if f < 0 {
		return nil, p.fail(start, "there is no number "+raw[:i], "one of "+strings.Join(fields(), ", "))
	}
	c := &comparison{field: field(f)}
	var op string
	for _, op = range []string{">=", "<=", ">", "<", "="} {
		if strings.HasPrefix(raw[i:], op) {
			break
		}
	}
	c.more, c.less, c.equal = strings.Contains(op, ">"), strings.Contains(op, "<"), strings.Contains(op, "=")
	limit, at := raw[i+len(op):], start+i+len(op)
	var ok bool
	expected := "a number such as 1000, 2.5 or 10k"
	if c.field == age {
		c.limit, ok = parseAge(limit)
		expected = "a length of time such as 90s, 5m, 1h30m or 2d"
	} else {
		c.limit, ok = parseNumber(limit, c.field == net)
	}
	switch {
	case limit == "":
		return nil, p.fail(at, "there is nothing to compare with", expected)
	case !ok:
		return nil, p.fail(at, "this is nothing to compare "+fields()[c.field]+" with", expected)
	}
	return c, nil
}
