package document

import "strings"

// Parse reads one JSON document with blanks around it. The error is an
// [*Error]. Bytes that are not UTF-8 are taken as they are in strings.
func Parse(src string) (*Doc, error) {
	if len(src) > MaxSize {
		return nil, &Error{Offset: MaxSize, Problem: "too long", Expected: "a shorter document", TooDeep: true}
	}
	// Each value but the root follows one of these, so the table never grows.
	values := 1 + strings.Count(src, ",") + strings.Count(src, "[") + strings.Count(src, "{")
	p := parser{src: src, nodes: make([]node, 0, values), open: -1}
	if err := p.document(); err != nil {
		return nil, err
	}
	return &Doc{src: src, nodes: p.nodes}, nil
}

// parser reads from left to right. The containers that are open are found by
// their parents, so it needs no stack.
type parser struct {
	src     string
	i       int
	nodes   []node
	open    int32 // the innermost open container, or -1
	depth   int16
	key     int32
	keyEnd  int32
	problem *Error
}

func (p *parser) fail(problem, expected string) bool {
	if p.i >= len(p.src) {
		problem = "it ends too soon"
	}
	p.problem = &Error{Offset: min(p.i, len(p.src)), Problem: problem, Expected: expected}
	return false
}

func (p *parser) document() error {
	for p.blanks(); ; p.blanks() {
		if !p.value() || !p.after() {
			return p.problem
		}
		if p.open < 0 {
			return nil
		}
	}
}

func (p *parser) blanks() {
	for p.i < len(p.src) {
		switch p.src[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// peek is the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

// value reads a scalar, or the beginning of a container and of the name of its
// first member. An empty container is read whole.
func (p *parser) value() bool {
	start := p.i
	switch c := p.peek(); {
	case c == '{':
		return p.container(Object)
	case c == '[':
		return p.container(Array)
	case c == '"':
		return p.text() && p.add(String, start)
	case c == '-' || c >= '0' && c <= '9':
		return p.number() && p.add(Number, start)
	case c == 't':
		return p.word("true") && p.add(Bool, start)
	case c == 'f':
		return p.word("false") && p.add(Bool, start)
	case c == 'n':
		return p.word("null") && p.add(Null, start)
	}
	return p.fail("no value", "a value")
}

// add notes a value from start to here.
func (p *parser) add(kind Kind, start int) bool {
	n := node{
		start: int32(start), end: int32(p.i), key: p.key, keyEnd: p.keyEnd, parent: p.open,
		next: int32(len(p.nodes)) + 1, depth: p.depth, kind: kind,
	}
	if p.open >= 0 {
		n.index = p.nodes[p.open].count
		p.nodes[p.open].count++
	}
	p.nodes = append(p.nodes, n)
	p.key, p.keyEnd = 0, 0
	return true
}

func (p *parser) container(kind Kind) bool {
	start, last := p.i, byte(']')
	if kind == Object {
		last = '}'
	}
	p.i++
	p.blanks()
	if p.peek() == last {
		p.i++
		return p.add(kind, start)
	}
	if p.depth == MaxDepth {
		p.problem = &Error{Offset: start, Problem: "nested too deeply", Expected: "fewer containers in each other", TooDeep: true}
		return false
	}
	p.add(kind, start)
	p.open = int32(len(p.nodes)) - 1
	p.depth++
	return kind != Object || p.name()
}

// name reads the name of a member and its colon.
func (p *parser) name() bool {
	p.blanks()
	if p.peek() != '"' {
		return p.fail("no name", "a name in double quotes")
	}
	p.key = int32(p.i)
	if !p.text() {
		return false
	}
	p.keyEnd = int32(p.i)
	p.blanks()
	if p.peek() != ':' {
		return p.fail("no colon", "a colon after the name")
	}
	p.i++
	return true
}

// after reads what stands behind a value: the ends of containers up to a comma
// and the next name, or up to the end of the document.
func (p *parser) after() bool {
	if n := &p.nodes[len(p.nodes)-1]; int32(len(p.nodes))-1 == p.open && n.count == 0 {
		return true // a container was just opened, and its first value comes
	}
	for p.open >= 0 {
		p.blanks()
		kind := p.nodes[p.open].kind
		switch c := p.peek(); {
		case c == ',':
			p.i++
			return kind != Object || p.name()
		case c == '}' && kind == Object, c == ']' && kind == Array:
			p.i++
			n := &p.nodes[p.open]
			n.end, n.next = int32(p.i), int32(len(p.nodes))
			p.open = n.parent
			p.depth--
		case kind == Object:
			return p.fail("no comma and no end of the object", "a comma or }")
		default:
			return p.fail("no comma and no end of the array", "a comma or ]")
		}
	}
	p.blanks()
	if p.i < len(p.src) {
		return p.fail("something follows", "nothing after the value")
	}
	return true
}

func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.src[p.i:], w) {
		return p.fail("no value", "true, false, null, a number or a text in double quotes")
	}
	p.i += len(w)
	return true
}

// text reads a string with its quotes.
func (p *parser) text() bool {
	i, src := p.i+1, p.src
	for i < len(src) {
		switch c := src[i]; {
		case c == '"':
			p.i = i + 1
			return true
		case c == '\\':
			n := escape(src[i:])
			if n == 0 {
				p.i = i
				return p.fail("an escape that is none", `one of \" \\ \/ \b \f \n \r \t \u and four digits`)
			}
			i += n
		case c < ' ':
			p.i = i
			return p.fail("a control character in a text", `an escape such as \n or \t`)
		default:
			i++
		}
	}
	p.i = i
	return p.fail("", `a double quote that ends the text`)
}

// escape is how long the escape is that s begins with, or 0.
func escape(s string) int {
	if len(s) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, s[1]) >= 0 {
		return 2
	}
	if s[1] != 'u' || len(s) < 6 {
		return 0
	}
	for _, c := range []byte(s[2:6]) {
		if digit(c) < 0 {
			return 0
		}
	}
	return 6
}

// digit is the value of a hexadecimal digit, or -1.
func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

func (p *parser) number() bool {
	if p.peek() == '-' {
		p.i++
	}
	if p.peek() == '0' {
		p.i++
	} else if !p.digits() {
		return false
	}
	if p.peek() == '.' {
		p.i++
		if !p.digits() {
			return false
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		return p.digits()
	}
	return true
}

// digits reads one or more.
func (p *parser) digits() bool {
	start := p.i
	for p.i < len(p.src) && p.src[p.i] >= '0' && p.src[p.i] <= '9' {
		p.i++
	}
	return p.i > start || p.fail("a number without digits", "a digit")
}
