package move

import (
	"slices"

	"sqscope/backend"
	"sqscope/backend/rules"
)

// letter is a message as it is to be sent.
type letter struct {
	to     int // index in Options.To
	in     backend.SendMessageInput
	digest digest
}

// plan is the message as it is to be sent, or why it cannot be.
func (o *Options) plan(id string, m backend.Message) (letter, *backend.Error) {
	if e := intact(m); e != nil {
		return letter{}, e
	}
	to, e := o.route(m)
	if e != nil {
		return letter{}, e
	}
	l, e := o.write(id, m, to)
	if e != nil {
		return letter{}, e
	}
	if err := rules.Send(o.To[to].rules(), l.in); err != nil {
		e := *backend.AsError(err)
		e.Subject, e.Next = m.MessageId, "it would be refused by "+o.To[to].ARN.Name+" and was left; edit it or choose another destination"
		return letter{}, &e
	}
	return l, nil
}

// intact checks that a message came as SQS has it (docs/SQS.md 4).
func intact(m backend.Message) *backend.Error {
	if rules.MD5OfBody(m.Body) == m.MD5OfBody && rules.MD5OfAttributes(m.MessageAttributes) == m.MD5OfMessageAttributes {
		return nil
	}
	e := backend.Errorf(backend.KindInternal, "did not come as SQS says that it is: its digests differ")
	e.Subject, e.Next = m.MessageId, "it was left; try again"
	return e
}

// route is where a message goes.
func (o *Options) route(m backend.Message) (int, *backend.Error) {
	if !o.Home {
		return 0, nil
	}
	source := m.Attributes[backend.SysDeadLetterQueueSourceArn]
	i := slices.IndexFunc(o.To, func(q Queue) bool { return q.ARN.String() == source })
	if i >= 0 {
		return i, nil
	}
	e := backend.Errorf(backend.KindConflict, "came from %s, which is none of the destinations", source)
	if source == "" {
		e.Message = "was not dead-lettered by a queue: nobody knows where it came from"
	}
	e.Subject, e.Next = m.MessageId, "it was left; move it to a queue of your choice"
	return 0, e
}

// write makes what is sent of a message: its body and attributes as they are or
// as the transformation has them, its trace header, and the group and the
// deduplication id that the destination asks for (1.11, 8.1, 9).
func (o *Options) write(id string, m backend.Message, to int) (letter, *backend.Error) {
	l := letter{to: to, digest: digest{ID: m.MessageId, MD5: m.MD5OfBody, Attributes: m.MD5OfMessageAttributes}}
	group, dedup := m.Attributes[backend.SysMessageGroupId], m.Attributes[backend.SysMessageDeduplicationId]
	body, attributes, given := m.Body, m.MessageAttributes, false
	if o.Transform != nil {
		e, err := transform(o.Transform, o.From.ARN, m)
		if err != nil {
			return l, err
		}
		given = e.dedup != dedup
		body, attributes, group, dedup = e.body, e.attributes, e.group, e.dedup
	}
	l.in = backend.SendMessageInput{MessageBody: body, MessageAttributes: attributes}
	if trace := m.Attributes[backend.SysAWSTraceHeader]; trace != "" {
		l.in.MessageSystemAttributes = map[string]backend.MessageAttribute{
			backend.SysAWSTraceHeader: {DataType: "String", StringValue: backend.Some(trace)},
		}
	}
	if o.From.ARN.FIFO() {
		l.digest.SourceGroup = m.Attributes[backend.SysMessageGroupId]
	}
	fifo := o.To[to].ARN.FIFO()
	if group == "" && fifo {
		group = o.Group
	}
	if group != "" {
		l.in.MessageGroupId = backend.Some(group)
	}
	if fifo {
		switch {
		case given && dedup != "":
		case o.Dedup == DedupContent:
			dedup = rules.ContentDeduplicationId(body)
		case o.Dedup == DedupKeep && dedup != "":
		default:
			dedup, l.digest.Own = rules.ContentDeduplicationId(id+"/"+m.MessageId), true
		}
		l.in.MessageDeduplicationId = backend.Some(dedup)
		l.digest.Dedup = dedup
	}
	l.digest.Group = group
	l.digest.NewMD5, l.digest.NewAttributes = rules.MD5OfBody(body), rules.MD5OfAttributes(attributes)
	return l, nil
}

func (l letter) size() int { return rules.Size(l.in.MessageBody, l.in.MessageAttributes) }
