package memory

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// state is where a stored message stands (docs/SQS.md 0.3).
type state uint8

const (
	visible state = iota
	inFlight
	delayed
)

func (s state) backend() backend.State {
	return [...]backend.State{backend.StateVisible, backend.StateInFlight, backend.StateDelayed}[s]
}

// The two heaps that a message can be in at a time.
const (
	inOrder = iota // visible ones of a standard queue, or hidden ones
	byAge
)

// message is one that is stored. Under the lock of its queue, but for what never
// changes once it is there: id, body, digest, extras. Times are stamps; 0 is
// "not yet".
type message struct {
	seq    uint64 // in this queue, in order of arrival, from 1
	id     uuid
	body   string
	digest [16]byte // MD5 of body
	extras *extras  // nil: none

	sent     int64 // retention runs from here
	first    int64 // first receive, in whatever queue
	received int64 // last receive in this queue
	until    int64 // end of delay or of visibility timeout, if hidden
	rank     uint64
	receives uint32 // in all queues, as ApproximateReceiveCount says it
	receipts uint32 // in this queue; the number of its latest receipt handle
	state    state
	changed  bool // its visibility was, since the last receive

	group      *group // FIFO only, as are these
	prev, next *message
	dedup      string
	number     uint64

	at [2]int32
}

func (m *message) place(which int) *int32 { return &m.at[which] }

// extras is what few messages have. It is never changed, only replaced.
type extras struct {
	attributes []attribute
	trace      string // AWSTraceHeader
	group      string // MessageGroupId on a standard queue
	source     string // ARN of the queue that it was dead-lettered from
	sender     string // SenderId; "": the engine's own
}

// attribute is a message attribute. A list of the few that a message has takes a
// third of what a map takes.
type attribute struct {
	name string
	backend.MessageAttribute
}

// extrasOf copies what is kept of an input, which stays the caller's. Messages
// that have nothing but a sender share what says so with the last of the same.
func (q *queue) extrasOf(in *backend.SendMessageInput, sender string) *extras {
	x := extras{
		attributes: attributesOf(in.MessageAttributes),
		trace:      in.MessageSystemAttributes[backend.SysAWSTraceHeader].StringValue.Value,
		sender:     sender,
	}
	if !q.fifo {
		x.group = in.MessageGroupId.Value
	}
	switch {
	case x.attributes != nil || x.trace != "" || x.group != "":
		return &x
	case sender == "":
		return nil
	}
	last := q.e.lastSender.Load()
	if last == nil || last.sender != sender {
		last = &x
		q.e.lastSender.Store(last)
	}
	return last
}

// senderOf is the SenderId of a request, "" for that of the engine's own user.
func senderOf(ctx context.Context) string {
	c, _ := backend.CallerOf(ctx)
	return c.UserID
}

func attributesOf(attrs map[string]backend.MessageAttribute) []attribute {
	if len(attrs) == 0 {
		return nil
	}
	list := make([]attribute, 0, len(attrs))
	for name, a := range attrs {
		a.BinaryValue = slices.Clone(a.BinaryValue)
		list = append(list, attribute{name, a})
	}
	return list
}

func (m *message) source() string {
	if m.extras == nil {
		return ""
	}
	return m.extras.source
}

// groupID is the message's MessageGroupId, "" if it has none.
func (m *message) groupID() string {
	switch {
	case m.group != nil:
		return m.group.id
	case m.extras != nil:
		return m.extras.group
	}
	return ""
}

func (m *message) sender() string {
	if m.extras == nil || m.extras.sender == "" {
		return senderId
	}
	return m.extras.sender
}

// withSource is the extras of a message that has been dead-lettered from a
// queue, or with "" of one that has not.
func (x *extras) withSource(arn string) *extras {
	if x == nil {
		if arn == "" {
			return nil
		}
		return &extras{source: arn}
	}
	c := *x
	c.source = arn
	return &c
}

func (m *message) md5() string {
	var b [2 * len(m.digest)]byte
	hex.Encode(b[:], m.digest[:])
	return string(b[:])
}

// show is the message as a receive gives it, with those attributes that were
// asked for (5.1). Of a copy, it needs no lock.
func (m *message) show(handle string, system, user []string) backend.Message {
	out := backend.Message{
		MessageId:     m.id.String(),
		ReceiptHandle: handle,
		MD5OfBody:     m.md5(),
		Body:          m.body,
		Attributes:    m.systemAttributes(system),
	}
	if len(user) > 0 && m.extras != nil {
		out.MessageAttributes = m.extras.selected(user)
		out.MD5OfMessageAttributes = rules.MD5OfAttributes(out.MessageAttributes)
	}
	return out
}

// selected are those attributes that were asked for by name, nil if there are none.
// They share nothing with what is stored.
func (x *extras) selected(names []string) map[string]backend.MessageAttribute {
	var selected map[string]backend.MessageAttribute
	for i := range x.attributes {
		a := x.attributes[i]
		if !rules.SelectAttribute(a.name, names) {
			continue
		}
		if selected == nil {
			selected = make(map[string]backend.MessageAttribute, len(x.attributes))
		}
		a.BinaryValue = slices.Clone(a.BinaryValue)
		selected[a.name] = a.MessageAttribute
	}
	return selected
}

// systemAttributes are SQS's own attributes of the message, those asked for
// that it has.
func (m *message) systemAttributes(names []string) map[string]string {
	if len(names) == 0 {
		return nil
	}
	attrs := make(map[string]string, 8)
	want := func(name string) bool { return rules.SelectSystem(name, names) }
	add := func(name, value string) {
		if value != "" && want(name) {
			attrs[name] = value
		}
	}
	add(backend.SysSenderId, m.sender())
	if want(backend.SysSentTimestamp) {
		attrs[backend.SysSentTimestamp] = milliseconds(m.sent)
	}
	if want(backend.SysApproximateReceiveCount) {
		attrs[backend.SysApproximateReceiveCount] = strconv.FormatUint(uint64(m.receives), 10)
	}
	if m.receives > 0 && want(backend.SysApproximateFirstReceiveTimestamp) {
		attrs[backend.SysApproximateFirstReceiveTimestamp] = milliseconds(m.first)
	}
	if m.group != nil {
		add(backend.SysMessageGroupId, m.group.id)
		add(backend.SysMessageDeduplicationId, m.dedup)
		add(backend.SysSequenceNumber, sequenceNumber(m.number))
	}
	if x := m.extras; x != nil {
		add(backend.SysMessageGroupId, x.group)
		add(backend.SysAWSTraceHeader, x.trace)
		add(backend.SysDeadLetterQueueSourceArn, x.source)
	}
	if len(attrs) == 0 {
		return nil
	}
	return attrs
}

func milliseconds(stamp int64) string { return strconv.FormatInt(stamp/1e6, 10) }

func seconds(stamp int64) string { return strconv.FormatInt(stamp/1e9, 10) }
