package triage

import (
	"maps"
	"slices"
	"strings"

	"sqscope/backend/decode"
	"sqscope/backend/decode/document"
)

// failure is an error that stands in a message.
type failure struct {
	typ   string // as TimeoutError, or a code
	text  string // the sentence that goes with it
	where string // the member, attribute or envelope that has it
	at    string // who failed: an ARN of a function or a target
	depth int
}

func (f failure) found() bool { return f.typ != "" || f.text != "" }

const (
	errorDepth = 12   // levels in which an error is looked for
	errorNodes = 4000 // values that are looked at
)

// failureOf looks for an error where one is told: in the attributes, in what a
// Lambda destination says of its function, then in the body behind its wrappings.
func (d *dictionary) failureOf(m *Message, r decode.Result) failure {
	if f := d.inAttributes(m); f.found() {
		return f
	}
	for _, s := range r.Stages {
		if s.Kind == decode.Destination && s.Doc != nil {
			return d.ofFunction(s.Doc.Root())
		}
	}
	last := r.Last()
	if last.Doc == nil || last.Kind == decode.Protobuf {
		return failure{}
	}
	h := hunt{d: d, left: errorNodes}
	h.in(last.Doc.Root(), 0)
	return h.best
}

// inAttributes reads the attributes that EventBridge, SNS, Lambda and careful
// consumers add (docs/SQS.md 6.3, 10).
func (d *dictionary) inAttributes(m *Message) failure {
	f := failure{where: "message attributes"}
	for _, name := range slices.Sorted(maps.Keys(m.MessageAttributes)) {
		value := m.MessageAttributes[name].StringValue.Value
		if n := d.of(name); n.error && !trivial(value) {
			f.put(n, value, m.MessageAttributes[name].DataType == "Number")
		}
	}
	if f.found() {
		f.at = m.MessageAttributes["TARGET_ARN"].StringValue.Value
	}
	return f
}

func (d *dictionary) ofFunction(root document.Node) failure {
	h := hunt{d: d, left: errorNodes}
	h.in(root.Get("responsePayload"), 0)
	f := h.best
	if !f.found() {
		f = failure{typ: root.Get("responseContext").Get("functionError").Text()}
	}
	if !f.found() {
		f = failure{typ: root.Get("requestContext").Get("condition").Text()}
	}
	f.where, f.at = "the Lambda destination record", root.Get("requestContext").Get("functionArn").Text()
	return f
}

// put takes a value that the name tells something of.
func (f *failure) put(n naming, value string, number bool) {
	sentence := strings.ContainsAny(value, " \t\n")
	switch {
	case n.text || sentence && !n.code:
		if f.text == "" {
			f.text = value
		}
	case number && !n.code:
	case f.typ == "" || isErrorName(value) && !isErrorName(f.typ):
		f.typ = value
	}
}

// trivial are values that say that there is no error.
func trivial(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "false", "null", "none", "ok", "no", "nil", "success", "[]", "{}":
		return true
	}
	return false
}

// hunt looks for the error that stands least deep; of several in a list, the last.
type hunt struct {
	d    *dictionary
	best failure
	left int
}

func (h *hunt) take(f failure) {
	if f.found() && (!h.best.found() || f.depth <= h.best.depth) {
		h.best = f
	}
}

// in looks at a container and what is in it. Members that tell of an error
// together, as errorType and errorMessage, are one error.
func (h *hunt) in(n document.Node, depth int) {
	if depth > errorDepth {
		return
	}
	own := failure{depth: depth}
	for v := range n.Values() {
		if h.left--; h.left < 0 {
			return
		}
		name := h.d.of(v.Name())
		switch kind := v.Kind(); {
		case name.error && kind == document.String:
			if !trivial(v.Text()) {
				own.put(name, v.Text(), false)
			}
		case name.error && kind == document.Number:
			if !trivial(v.Raw()) {
				own.put(name, v.Raw(), true)
			}
		case name.error && v.Len() > 0:
			f := h.gather(v)
			f.where, f.depth = v.Path(), depth+1
			h.take(f)
		case v.Len() > 0:
			h.in(v, depth+1)
		case kind == document.String && isErrorName(v.Text()):
			f := failure{typ: v.Text()}
			if depth > 0 {
				f = h.gather(n)
			}
			f.where, f.depth = n.Path(), depth
			h.take(f)
		}
	}
	if own.found() {
		own.where = n.Path()
		h.take(own)
	}
}

// gather reads what is an error as a whole. A value whose name tells nothing is a
// type where it is the name of an error, and a sentence where it is three words.
func (h *hunt) gather(n document.Node) failure {
	for n.Kind() == document.Array {
		var last document.Node
		for v := range n.Values() {
			last = v
		}
		if last.Kind() == document.String {
			var f failure
			f.put(naming{}, last.Text(), false)
			return f
		}
		n = last
	}
	var f, spare failure
	for v := range n.Values() {
		if h.left--; h.left < 0 {
			break
		}
		name, s := h.d.of(v.Name()), v.Text()
		switch {
		case v.Kind() == document.Number && name.code && !trivial(v.Raw()):
			if f.typ == "" {
				f.typ = v.Raw()
			}
		case v.Kind() != document.String || trivial(s):
		case isErrorName(s), name.text, name.code:
			f.put(name, s, false)
		case strings.Count(s, " ") >= 2 && spare.text == "":
			spare.text = s
		case name.error && !strings.Contains(s, " ") && f.typ == "":
			f.typ = s
		}
	}
	if f.text == "" {
		f.text = spare.text
	}
	return f
}

// errors makes groups of the messages in which an error stands: those of one
// type, at one function or target, whose sentences are of one template.
func (f *finder) errors() {
	type place struct{ typ, at string }
	texts := map[place][][]string{}
	of := func(l *letter) place { return place{shorten(l.failure.typ), l.failure.at} }
	for i := range f.letters {
		if l := &f.letters[i]; l.failure.found() && l.cell == nil {
			l.words = template(l.failure.text)
			texts[of(l)] = append(texts[of(l)], l.words)
		}
	}
	phrases := map[place]map[string]string{}
	for p, all := range texts {
		phrases[p] = sameTemplate(all)
	}
	for i := range f.letters {
		l := &f.letters[i]
		if !l.failure.found() || l.cell != nil {
			continue
		}
		p := of(l)
		text := phrases[p][strings.Join(l.words, "\x00")]
		f.join(i, ByError, "error", p.typ, p.at, text)
		l.cell.failure = failure{typ: p.typ, text: text, where: l.failure.where, at: p.at}
		l.words = nil
	}
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}
