package triage

import (
	"context"
	"strings"

	"sqscope/backend"
	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
	"sqscope/backend/triage/arrange"
)

// letter is a message as it was read.
type letter struct {
	failure failure
	words   []string // of the failure's text, while templates are made
	format  format
	marks   []mark
	places  []string // what it has at the places of splits
	titles  []string // and at those that make titles
	cell    *cell    // that it is in; nil: none yet
}

// mark is what a message has in a column.
type mark struct {
	column int32
	kinds  kinds
	value  int32 // -1: none, or one of too many
}

// kinds are the sorts of values that a message has in a column.
type kinds uint16

const (
	isObject kinds = 1 << iota
	isArray
	isString
	isNumber
	isBool
	isNull
	isEmpty  // a text with nothing in it
	isBroken // a text that ends in half a character
	isFull   // a container that has something in it
)

const (
	faulty   = isNull | isEmpty
	anyValue = isObject | isArray | isString | isNumber | isBool
)

// finder is the state of one grouping.
type finder struct {
	messages []Message
	letters  []letter
	rules    arrange.Rules
	words    *dictionary
	cells    map[string]*cell
	fams     map[string]*family
}

func newFinder(messages []Message, rules arrange.Rules) *finder {
	return &finder{
		messages: messages, letters: make([]letter, len(messages)), rules: rules, words: newDictionary(),
		cells: map[string]*cell{}, fams: map[string]*family{},
	}
}

// family is messages of one format. They are compared with each other.
type family struct {
	format  format
	members []int
	table
}

// read takes a message in: what it is, whether an error stands in it, and what it
// has in which columns.
func (f *finder) read(ctx context.Context, i int) {
	m, l := &f.messages[i], &f.letters[i]
	r := m.Body
	if len(r.Stages) == 0 {
		r = decode.Decode(ctx, m.Message.Body, m.MessageAttributes)
	}
	if f.byRule(i, r) {
		return
	}
	l.failure = f.words.failureOf(m, r)
	l.format = formatOf(r)
	if !l.failure.found() && l.format.empty {
		f.join(i, ByBlank, "nothing")
		return
	}
	if !l.failure.found() && l.format.broken != "" {
		f.join(i, ByBroken, "broken", l.format.name, l.format.broken)
		l.cell.format = l.format
		return
	}
	fam := f.fams[l.format.key()]
	if fam == nil {
		fam = &family{format: l.format, table: newTable(f.rules.Ignore)}
		f.fams[l.format.key()] = fam
	}
	fam.members = append(fam.members, i)
	fam.begin()
	l.format.fill(&fam.table, r)
	fam.surroundings(m, r)
	l.marks = fam.end()
}

// surroundings are what stands around a body: its attributes, its envelopes, the
// queue that it comes from and its message group.
func (t *table) surroundings(m *Message, r decode.Result) {
	around := func(kind, name, value string) {
		at := t.kid(t.kid(0, kind), name)
		t.mark(at, isString, value)
	}
	for name, a := range m.MessageAttributes {
		value := a.StringValue.Value
		if a.BinaryValue != nil {
			value = "(binary)"
		}
		around(attributeColumn, name, value)
	}
	for stage := range r.Stages[:max(0, len(r.Stages)-1)] {
		for _, fact := range r.Facts(stage) {
			around(envelopeColumn, fact.Name, fact.Value)
		}
	}
	for _, name := range []string{backend.SysDeadLetterQueueSourceArn, backend.SysMessageGroupId} {
		if v := m.Attributes[name]; v != "" {
			around(systemColumn, name, v)
		}
	}
}

// What stands around a body has columns beside those of the body. No member can
// have these names, which are no paths.
const (
	bodyColumn      = "body"
	attributeColumn = "attribute"
	envelopeColumn  = "envelope"
	systemColumn    = "of SQS" // its own attributes
)

// fromDoc takes in a JSON document, or what was made of a form or of protobuf.
func (t *table) fromDoc(n document.Node, column int32, depth int) {
	if t.full() || depth > deepest {
		return
	}
	switch n.Kind() {
	case document.Object:
		t.container(column, isObject, n.Len())
		for v := range n.Values() {
			t.fromDoc(v, t.kid(column, v.Name()), depth+1)
		}
	case document.Array:
		t.container(column, isArray, n.Len())
		if scalars(n) {
			t.mark(column, isArray, n.Raw())
		}
		at := t.kid(column, "[]")
		for v := range n.Values() {
			t.fromDoc(v, at, depth+1)
		}
	case document.String:
		t.text(column, n.Text(), n.Raw())
	case document.Number:
		t.mark(column, isNumber, n.Raw())
	case document.Bool:
		t.mark(column, isBool, n.Raw())
	case document.Null:
		t.mark(column, isNull, "null")
	}
}

// scalars tells whether it is a short list of scalars, which is a value then.
func scalars(n document.Node) bool {
	if n.Len() == 0 || n.Len() > 8 || len(n.Raw()) > longestValue {
		return false
	}
	for v := range n.Values() {
		if v.Kind() == document.Object || v.Kind() == document.Array {
			return false
		}
	}
	return true
}

func (t *table) text(column int32, s, raw string) {
	kind := isString
	if strings.TrimSpace(s) == "" {
		kind |= isEmpty
	}
	if halfCharacter(raw) {
		kind |= isBroken
	}
	t.mark(column, kind, s)
}

// halfCharacter finds an escape of half a surrogate pair without the other half,
// which JSON can write and UTF-8 cannot.
func halfCharacter(raw string) bool {
	for {
		i := strings.Index(raw, `\u`)
		if i < 0 || len(raw) < i+6 {
			return false
		}
		odd := 0
		for j := i - 1; j >= 0 && raw[j] == '\\'; j-- {
			odd ^= 1
		}
		code := strings.ToLower(raw[i+2 : i+6])
		raw = raw[i+6:]
		if odd == 1 || code < "d800" || code > "dfff" {
			continue
		}
		if code >= "dc00" || len(raw) < 6 || raw[:2] != `\u` || strings.ToLower(raw[2:4]) < "dc" || strings.ToLower(raw[2:4]) > "df" {
			return true
		}
		raw = raw[6:]
	}
}
