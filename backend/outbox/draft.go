package outbox

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// Draft is a message as a person writes it. Nothing in it has been checked. Group,
// Dedup, Delay and Trace that are empty are left out of the message.
type Draft struct {
	Body       string
	Group      string // MessageGroupId
	Dedup      string // MessageDeduplicationId
	Delay      string // DelaySeconds
	Trace      string // AWSTraceHeader
	Attributes []Attribute
}

// Template is a draft to begin from.
type Template struct {
	Name   string
	Queues string // a pattern of the queues that it is for; "": all
	Draft
}

// Attribute is a message attribute as a person writes it. An empty Type is String.
// The value of a Binary one is text, or what stands behind hex:, base64: or text:,
// or the content of the file whose name stands behind @. One without a name and a
// value is none.
type Attribute struct{ Name, Type, Value string }

// Empty tells whether nothing was written.
func (a Attribute) Empty() bool { return a.Name == "" && a.Value == "" }

// Binary tells whether its value is bytes.
func (a Attribute) Binary() bool {
	base, _, _ := strings.Cut(a.Type, ".")
	return base == "Binary"
}

// FromFile is the name of the file that its value is in, or "".
func (a Attribute) FromFile() string {
	if path, ok := strings.CutPrefix(a.Value, "@"); ok && a.Binary() {
		return path
	}
	return ""
}

// Empty tells whether nothing was written.
func (d Draft) Empty() bool {
	return d.Body == "" && d.Group == "" && d.Dedup == "" && d.Delay == "" && d.Trace == "" &&
		!slices.ContainsFunc(d.Attributes, func(a Attribute) bool { return !a.Empty() })
}

// Part is a part of a draft.
type Part int

// The parts of a draft.
const (
	PartBody Part = iota
	PartGroup
	PartDedup
	PartDelay
	PartTrace
	PartAttribute
)

// String is the part in a word.
func (p Part) String() string {
	return [...]string{"body", "group", "dedup", "delay", "trace", "attribute"}[p]
}

// Fault is what is wrong with a draft, and where.
type Fault struct {
	Part Part
	Row  int // of an attribute, in Draft.Attributes
	Err  *backend.Error
}

// Error says what is wrong.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap is the error of backend.KindInvalid, or why a file cannot be read.
func (f *Fault) Unwrap() error { return f.Err }

// File gives the content of a file that an attribute names.
type File func(path string) ([]byte, error)

// Message is the message that a draft is, without its queue's URL, or a *Fault: what
// SQS would say of it, from [rules.Send], or what cannot be read in it.
func (d Draft) Message(q rules.Queue, file File) (backend.SendMessageInput, error) {
	in, err := d.read(file)
	if err != nil {
		return in, err
	}
	if err := rules.Send(q, in); err != nil {
		return in, d.blame(q, in, backend.AsError(err))
	}
	return in, nil
}

// read is the message as far as it can be read.
func (d Draft) read(file File) (backend.SendMessageInput, error) {
	in := backend.SendMessageInput{MessageBody: d.Body}
	if d.Group != "" {
		in.MessageGroupId = backend.Some(d.Group)
	}
	if d.Dedup != "" {
		in.MessageDeduplicationId = backend.Some(d.Dedup)
	}
	if d.Delay != "" {
		n, err := strconv.Atoi(strings.TrimSpace(d.Delay))
		if err != nil {
			return in, fault(PartDelay, 0, "the delay is a number of seconds, 0 to %d", rules.MaxDelay)
		}
		in.DelaySeconds = backend.Some(n)
	}
	if d.Trace != "" {
		in.MessageSystemAttributes = map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some(d.Trace)},
		}
	}
	for i, a := range d.Attributes {
		if a.Empty() {
			continue
		}
		if _, twice := in.MessageAttributes[a.Name]; twice {
			return in, fault(PartAttribute, i, "an attribute named %s is there already", a.Name)
		}
		value, err := a.value(file)
		if err != nil {
			return in, &Fault{PartAttribute, i, backend.AsError(err)}
		}
		if in.MessageAttributes == nil {
			in.MessageAttributes = map[string]backend.MessageAttribute{}
		}
		in.MessageAttributes[a.Name] = value
	}
	return in, nil
}

func fault(p Part, row int, format string, args ...any) *Fault {
	return &Fault{p, row, backend.Errorf(backend.KindInvalid, format, args...)}
}

// blame finds the part that a refusal is about, and what SQS says of that one: the
// first that makes a message wrong which is right without it.
func (d Draft) blame(q rules.Queue, in backend.SendMessageInput, err *backend.Error) *Fault {
	for _, p := range []Part{PartBody, PartDelay, PartGroup, PartDedup} {
		try := right(q)
		switch p {
		case PartBody:
			try.MessageBody = in.MessageBody
		case PartDelay:
			try.DelaySeconds = in.DelaySeconds
		case PartGroup:
			try.MessageGroupId = in.MessageGroupId
		case PartDedup:
			try.MessageDeduplicationId = in.MessageDeduplicationId
		}
		if e := rules.Send(q, try); e != nil {
			return &Fault{Part: p, Err: backend.AsError(e)}
		}
	}
	for i, a := range d.Attributes {
		try := right(q)
		try.MessageAttributes = map[string]backend.MessageAttribute{a.Name: in.MessageAttributes[a.Name]}
		if e := rules.Send(q, try); e != nil && !a.Empty() {
			return &Fault{PartAttribute, i, backend.AsError(e)}
		}
	}
	if len(in.MessageAttributes) > rules.MaxMessageAttributes {
		return &Fault{PartAttribute, d.last(), err}
	}
	try := right(q)
	if try.MessageSystemAttributes = in.MessageSystemAttributes; rules.Send(q, try) != nil {
		return &Fault{Part: PartTrace, Err: err}
	}
	return &Fault{Part: PartBody, Err: err} // together they are too long
}

// right is a message that a queue takes.
func right(q rules.Queue) backend.SendMessageInput {
	in := backend.SendMessageInput{MessageBody: "x"}
	if q.FIFO {
		in.MessageGroupId, in.MessageDeduplicationId = backend.Some("g"), backend.Some("d")
	}
	return in
}

// last is the last row that has something.
func (d Draft) last() int {
	for i := len(d.Attributes) - 1; i > 0; i-- {
		if !d.Attributes[i].Empty() {
			return i
		}
	}
	return 0
}

// Faults are what is wrong with what has been written so far, a fault for each part
// at most; that something is still missing is none. Files are not read.
func (d Draft) Faults(q rules.Queue) (all []*Fault) {
	alone := func(part Draft) {
		in, err := part.read(unread)
		if f, ok := err.(*Fault); ok {
			all = append(all, f)
			return
		}
		with := right(q)
		if part.Body != "" {
			with.MessageBody = in.MessageBody
		}
		if in.MessageGroupId.Set {
			with.MessageGroupId = in.MessageGroupId
		}
		if in.MessageDeduplicationId.Set {
			with.MessageDeduplicationId = in.MessageDeduplicationId
		}
		with.DelaySeconds, with.MessageSystemAttributes, with.MessageAttributes = in.DelaySeconds, in.MessageSystemAttributes, in.MessageAttributes
		if err := rules.Send(q, with); err != nil {
			all = append(all, part.blame(q, with, backend.AsError(err)))
		}
	}
	alone(Draft{Body: d.Body})
	alone(Draft{Group: d.Group})
	alone(Draft{Dedup: d.Dedup})
	alone(Draft{Delay: d.Delay})
	alone(Draft{Trace: d.Trace})
	done := Draft{Attributes: make([]Attribute, len(d.Attributes))}
	for i, a := range d.Attributes {
		if a.Name == "" || a.Value == "" {
			continue
		}
		row := Draft{Attributes: slices.Clone(done.Attributes)}
		row.Attributes[i] = a
		n := len(all)
		if alone(row); len(all) == n {
			done.Attributes[i] = a
		}
	}
	if len(all) == 0 {
		whole := right(q)
		if in, err := d.read(unread); err == nil && in.MessageBody != "" {
			whole.MessageBody, whole.MessageAttributes = in.MessageBody, in.MessageAttributes
		}
		if err := rules.Send(q, whole); err != nil && d.complete() {
			all = append(all, &Fault{Part: PartBody, Err: backend.AsError(err)}) // too long together
		}
	}
	return all
}

// complete tells whether every attribute has a name and a value.
func (d Draft) complete() bool {
	return !slices.ContainsFunc(d.Attributes, func(a Attribute) bool { return !a.Empty() && (a.Name == "" || a.Value == "") })
}

// unread stands for the content of a file that is not read yet.
func unread(string) ([]byte, error) { return []byte{0}, nil }

// Size is what the draft counts against MaximumMessageSize, in bytes, without what
// is in files (docs/SQS.md 3.2).
func (d Draft) Size() int {
	attrs := make(map[string]backend.MessageAttribute, len(d.Attributes))
	for _, a := range d.Attributes {
		if a.Empty() {
			continue
		}
		v, err := a.value(func(string) ([]byte, error) { return nil, nil })
		if err != nil {
			v = backend.MessageAttribute{DataType: a.Type, StringValue: backend.Some(a.Value)}
		}
		attrs[a.Name] = v
	}
	return rules.Size(d.Body, attrs)
}

// value is the attribute as it is sent.
func (a Attribute) value(file File) (backend.MessageAttribute, error) {
	out := backend.MessageAttribute{DataType: a.Type}
	if a.Type == "" {
		out.DataType = "String"
	}
	if !a.Binary() {
		out.StringValue = backend.Some(a.Value)
		return out, nil
	}
	b, err := a.bytes(file)
	if b == nil {
		b = []byte{}
	}
	out.BinaryValue = b
	return out, err
}

func (a Attribute) bytes(file File) ([]byte, error) {
	kind, rest, _ := strings.Cut(a.Value, ":")
	switch {
	case a.FromFile() != "":
		b, err := file(a.FromFile())
		if err != nil {
			return nil, &backend.Error{Kind: backend.KindNotFound, Subject: a.FromFile(), Message: "the file cannot be read: " + err.Error(), Next: "write the name of another one behind @", Err: err}
		}
		return b, nil
	case kind == "hex" && len(a.Value) > len(kind):
		b, err := hex.DecodeString(strings.Map(dropBlank, rest))
		if err != nil {
			return nil, backend.Errorf(backend.KindInvalid, "what stands behind hex: is no hex: %v", err)
		}
		return b, nil
	case kind == "base64" && len(a.Value) > len(kind):
		b, err := base64.StdEncoding.DecodeString(strings.Map(dropBlank, rest))
		if err != nil {
			return nil, backend.Errorf(backend.KindInvalid, "what stands behind base64: is no base64: %v", err)
		}
		return b, nil
	case kind == "text" && len(a.Value) > len(kind):
		return []byte(rest), nil
	}
	return []byte(a.Value), nil
}

func dropBlank(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}

// DraftOf is the draft that makes the same message: body, attributes, group,
// deduplication id and trace header. A delay is not known any more.
func DraftOf(m backend.Message) Draft {
	d := Draft{
		Body: m.Body, Group: m.Attributes[backend.SysMessageGroupId], Dedup: m.Attributes[backend.SysMessageDeduplicationId],
		Trace: m.Attributes[backend.SysAWSTraceHeader],
	}
	for _, name := range slices.Sorted(maps.Keys(m.MessageAttributes)) {
		a := m.MessageAttributes[name]
		row := Attribute{Name: name, Type: a.DataType, Value: a.StringValue.Value}
		if row.Binary() {
			row.Value = written(a.BinaryValue)
		}
		d.Attributes = append(d.Attributes, row)
	}
	return d
}

// written is how bytes are written: as text where that is legible and means the
// same, else in hex.
func written(b []byte) string {
	s := string(b)
	legible := utf8.Valid(b) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	if legible {
		if again, err := (Attribute{Type: "Binary", Value: s}).bytes(unread); err == nil && string(again) == s && !strings.HasPrefix(s, "@") {
			return s
		}
	}
	return fmt.Sprintf("hex:%x", b)
}
