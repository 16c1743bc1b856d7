// Package document is JSON as people read it: every value with its place in the
// text, in the order and with the numbers, names and escapes that stand there.
//
// A [Doc] keeps its source and a flat table of the values in it. Nothing in this
// package recurses over a document that came from outside, and none nested
// deeper than [MaxDepth] is read, so that no body can exhaust the stack. Docs
// never change and may be used from any goroutine.
package document

import (
	"fmt"
	"iter"
	"strings"

	"sqscope/backend"
)

// MaxDepth is how deeply containers may be nested.
const MaxDepth = 10_000

// MaxSize is the most bytes that a document may have.
const MaxSize = 1 << 28

// Kind is what sort of value it is. The zero Kind is of no value at all.
type Kind uint8

// The kinds of JSON values.
const (
	None Kind = iota
	Object
	Array
	String
	Number
	Bool
	Null
)

// Doc is a JSON document that was read without fault. Make it with [Parse].
type Doc struct {
	src   string
	nodes []node // in the order of the text, so a container comes before its values
}

// node is a value in the source. A container's values are the nodes from its
// own up to its next one, each jumping to its sibling by its next.
type node struct {
	start, end  int32 // of the value in the source
	key, keyEnd int32 // of its name with the quotes; equal where it has none
	parent      int32 // -1 for the root
	next        int32 // the node after this one and all that is in it
	count       int32 // values in a container
	index       int32 // among its siblings
	depth       int16 // containers around it
	kind        Kind
}

// Error is why a text is no JSON, and where. Its Unwrap is a [*backend.Error] of
// [backend.KindInvalid] that says the same.
type Error struct {
	Offset   int    // of the byte where it goes wrong; the length of the text where it ends too soon
	Problem  string // what is wrong
	Expected string // what may stand there
	TooDeep  bool   // it may be JSON, but one of the limits is passed
}

// Error says what is wrong, where and what was expected.
func (e *Error) Error() string { return e.Unwrap().Error() }

// Unwrap is the error with its kind.
func (e *Error) Unwrap() error {
	return &backend.Error{
		Kind: backend.KindInvalid, Subject: "JSON", Message: fmt.Sprintf("%s at byte %d", e.Problem, e.Offset),
		Next: "expected " + e.Expected,
	}
}

// Source is the text that the document was read from.
func (d *Doc) Source() string { return d.src }

// Root is the value that the document is.
func (d *Doc) Root() Node { return Node{d, 0} }

// Node is a value of a document. The zero Node is of none, which every method
// can be asked about, so that a way through a document needs one check.
type Node struct {
	doc *Doc
	at  int32
}

// Exists tells whether there is such a value.
func (n Node) Exists() bool { return n.doc != nil }

// Kind is what sort of value it is, or [None].
func (n Node) Kind() Kind {
	if n.doc == nil {
		return None
	}
	return n.doc.nodes[n.at].kind
}

// Span is where the value stands in the source.
func (n Node) Span() (start, end int) {
	if n.doc == nil {
		return 0, 0
	}
	v := &n.doc.nodes[n.at]
	return int(v.start), int(v.end)
}

// NameStart is where the value with its name begins, if it has one.
func (n Node) NameStart() int {
	if n.doc == nil {
		return 0
	}
	v := &n.doc.nodes[n.at]
	if v.key < v.keyEnd {
		return int(v.key)
	}
	return int(v.start)
}

// Raw is the value as it stands in the source.
func (n Node) Raw() string {
	start, end := n.Span()
	if n.doc == nil {
		return ""
	}
	return n.doc.src[start:end]
}

// Text is what a string says, without quotes and escapes. Of other values it is
// "".
func (n Node) Text() string {
	if n.Kind() != String {
		return ""
	}
	return unquote(n.Raw())
}

// Name is the name of a member of an object, or "".
func (n Node) Name() string {
	if n.doc == nil {
		return ""
	}
	v := &n.doc.nodes[n.at]
	if v.key == v.keyEnd {
		return ""
	}
	return unquote(n.doc.src[v.key:v.keyEnd])
}

// Len is how many values a container has.
func (n Node) Len() int {
	if n.doc == nil {
		return 0
	}
	return int(n.doc.nodes[n.at].count)
}

// Is tells whether both are the same place of the same document.
func (n Node) Is(m Node) bool { return n.doc != nil && n == m }

// Values are those of a container, in order.
func (n Node) Values() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.doc == nil || n.doc.nodes[n.at].count == 0 {
			return
		}
		for i, end := n.at+1, n.doc.nodes[n.at].next; i < end; i = n.doc.nodes[i].next {
			if !yield(Node{n.doc, i}) {
				return
			}
		}
	}
}

// Get is the member of an object with that name, the last one if there are
// several as jq has it, or the zero Node.
func (n Node) Get(name string) (found Node) {
	if n.Kind() != Object {
		return Node{}
	}
	for v := range n.Values() {
		if v.named(name) {
			found = v
		}
	}
	return found
}

// named compares without making a text of a name that has no escapes.
func (n Node) named(name string) bool {
	v := &n.doc.nodes[n.at]
	raw := n.doc.src[v.key+1 : v.keyEnd-1]
	if strings.IndexByte(raw, '\\') < 0 {
		return raw == name
	}
	return n.Name() == name
}

// First is the first value of a container, or the zero Node.
func (n Node) First() Node {
	for v := range n.Values() {
		return v
	}
	return Node{}
}

// Strings are what the document's strings and names say, without quotes and
// escapes, in order.
func (d *Doc) Strings() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range d.nodes {
			n := Node{d, int32(i)}
			if v := &d.nodes[i]; v.key < v.keyEnd && !yield(n.Name()) {
				return
			}
			if n.Kind() == String && !yield(n.Text()) {
				return
			}
		}
	}
}
