// Package decode makes message bodies readable: it opens what a body is wrapped in
// one layer after another, hides what a mask covers, and makes the object that
// queries see.
//
// A body is read as a chain of stages. The first is the body as it was received,
// byte for byte; each further one is what the one before holds: the message in an
// SNS notification, the text in base64, what gzip or zstd packs. Nothing is opened on a
// guess: a text is base64 only where something known comes out of it.
//
// Bodies come from outside. What they unpack to is limited in bytes, in stages
// and in depth, the context ends all work, and [Result.Stop] says which of these
// stopped it. Nothing here fails: what cannot be read is shown as it is.
//
// Results never change and may be used from any goroutine.
package decode

import (
	"context"
	"errors"
	"strings"

	"sqscope/backend"
	"sqscope/backend/decode/document"
)

// Limits are how far a body is opened. A zero means the default.
type Limits struct {
	Unpacked int // bytes that all its stages unpack to together; 8 MiB
	Stages   int // 8
}

// Decode opens a body with the default limits.
func Decode(ctx context.Context, body string, attributes map[string]backend.MessageAttribute) Result {
	return Limits{}.Decode(ctx, body, attributes)
}

// Decode opens a body as far as it can be and the limits allow. The attributes
// tell how large a body is that an extended client has put into S3 (docs/SQS.md
// 3.2); they may be nil.
func (l Limits) Decode(ctx context.Context, body string, attributes map[string]backend.MessageAttribute) Result {
	if l.Unpacked <= 0 {
		l.Unpacked = 8 << 20
	}
	if l.Stages <= 0 {
		l.Stages = 8
	}
	o := opener{ctx: ctx, left: l.Unpacked, limits: l}
	r := o.chain(body)
	r.payloadSize = payloadSize(attributes)
	return r
}

// Stage is one layer of a body.
type Stage struct {
	Kind  Kind
	Bytes string        // exactly what this layer is, as received or as unpacked
	Doc   *document.Doc // what it says as JSON, or nil: for a form and protobuf, made of what they say

	inner  document.Node // where the next stage stands in Doc; the zero Node for all of it
	hidden bool          // a mask covers all of it
}

// Result is a body that was opened. It has at least one stage; the zero Result
// has none and is only good for [Result.Body], [Result.Value] and [Result.Chain].
type Result struct {
	Stages []Stage // the body as received first
	Stop   Stop    // why there are no further stages
	Masked bool    // some of it is hidden

	limits      Limits
	payloadSize string
}

// Stop says why the chain ended where it did.
type Stop int

// The ends of a chain. All but StopWhole mean that there may be more in the last
// stage.
const (
	StopWhole    Stop = iota // all is open
	StopUnpacked             // it unpacks to more than the limit
	StopStages               // it is wrapped in more stages than the limit
	StopDepth                // it is JSON with containers nested too deeply
	StopBroken               // it is packed, and broken
	StopContext              // there was no more time, or nobody waits for it
)

var stopWords = [...]string{
	"", "it unpacks to more than the limit", "it is wrapped in more layers than are opened",
	"its JSON is nested too deeply", "it is packed, and broken",
	"there was no time to open it",
}

// Words say it to a person; of StopWhole they are "".
func (s Stop) Words() string { return stopWords[s] }

// Last is the innermost stage.
func (r Result) Last() *Stage { return &r.Stages[len(r.Stages)-1] }

// Value is the body behind all its wrappings as jq takes it (see
// [document.Doc.Value]), or nil where that is no JSON. It is made anew each time.
func (r Result) Value() any {
	if len(r.Stages) == 0 || r.Last().Doc == nil {
		return nil
	}
	return r.Last().Doc.Value()
}

// Body is the first stage's bytes: the body as received, or what masks leave.
func (r Result) Body() string {
	if len(r.Stages) == 0 {
		return ""
	}
	return r.Stages[0].Bytes
}

// Chain names the stages, outermost first: "SNS notification › base64 › JSON".
func (r Result) Chain() string {
	names := make([]string, len(r.Stages))
	for i, s := range r.Stages {
		names[i] = s.Kind.String()
	}
	return strings.Join(names, " › ")
}

// opener opens one body and everything in it within one set of limits.
type opener struct {
	ctx    context.Context
	left   int // bytes that may still be unpacked
	limits Limits
}

// chain opens a text stage by stage.
func (o *opener) chain(body string) Result {
	r := Result{limits: o.limits}
	for {
		s, next, stop := o.stage(body)
		if len(r.Stages) == o.limits.Stages-1 && stop == StopWhole && next != nil {
			stop, next = StopStages, nil
			s.inner = document.Node{}
		}
		r.Stages = append(r.Stages, s)
		r.Stop = stop
		if next == nil {
			return r
		}
		body = *next
	}
}

// stage recognises what a text is, and gives what is in it, if there is
// something.
func (o *opener) stage(body string) (s Stage, next *string, stop Stop) {
	s.Bytes = body
	if o.ctx.Err() != nil {
		s.Kind = rough(body)
		return s, nil, StopContext
	}
	if text := strings.TrimPrefix(body, byteOrderMark); mayBeJSON(text) {
		doc, err := document.Parse(text)
		if err == nil {
			s.Doc = doc
			return o.json(s)
		}
		if e := (*document.Error)(nil); errors.As(err, &e) && e.TooDeep {
			s.Kind = Text
			return s, nil, StopDepth
		}
	}
	if s, next, stop, ok := o.packed(body); ok {
		return s, next, stop
	}
	return o.encoded(body)
}

const byteOrderMark = "\uFEFF"

// mayBeJSON tells by its first byte whether reading it is worth the effort.
func mayBeJSON(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return s != "" && strings.IndexByte(`{["-0123456789tfn`, s[0]) >= 0
}

// json looks into a document for what it wraps.
func (o *opener) json(s Stage) (Stage, *string, Stop) {
	root := s.Doc.Root()
	s.Kind, s.inner = envelope(root)
	if s.Kind == JSON && root.Kind() == document.String {
		return o.quoted(s, root)
	}
	if !s.inner.Exists() {
		return s, nil, StopWhole
	}
	text := s.inner.Raw()
	if s.inner.Kind() == document.String {
		text = s.inner.Text()
	}
	return s, &text, StopWhole
}

// quoted opens a string only where it is more than text.
func (o *opener) quoted(s Stage, root document.Node) (Stage, *string, Stop) {
	text := root.Text()
	if inside, next, stop := o.peek(text); inside == Text && next == nil && stop == StopWhole {
		return s, nil, StopWhole
	}
	s.Kind, s.inner = JSONString, root
	return s, &text, StopWhole
}

// peek recognises a text without spending what may be unpacked.
func (o *opener) peek(text string) (Kind, *string, Stop) {
	try := *o
	s, next, stop := try.stage(text)
	if s.Doc != nil && next == nil && !container(s.Doc.Root()) {
		return Text, nil, stop
	}
	return s.Kind, next, stop
}

func container(n document.Node) bool {
	return n.Kind() == document.Object || n.Kind() == document.Array
}
